package org.denseflow.jobs

import java.lang.management.ManagementFactory
import java.nio.charset.StandardCharsets.ISO_8859_1
import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit
import scala.jdk.CollectionConverters._
import scala.util.Using
import org.denseflow.jobs.demo.DrawObjectsCommand
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.report.ReportCommand
import org.denseflow.jobs.flow.DenseFlowCommand
import org.scalatest.funsuite.AnyFunSuite

/** No credential in what jobs print, log or write, whether they end well or not. */
class SecretsSuite extends AnyFunSuite {
  import SecretsSuite._

  test("no log, manifest, report or table has a credential in it") {
    val work = Files.createTempDirectory("denseflow-secrets-")
    val output = work.resolve("output.txt")
    val builder = new ProcessBuilder(command(work): _*).redirectErrorStream(true).redirectOutput(output.toFile)
    builder.environment.putAll(
      Map(
        "AWS_ACCESS_KEY_ID" -> Environment(0),
        "AWS_SECRET_ACCESS_KEY" -> Environment(1),
        "AWS_SESSION_TOKEN" -> Environment(2)
      ).asJava
    )
    val process = builder.start()
    assert(process.waitFor(10, TimeUnit.MINUTES))
    val printed = Files.readString(output, ISO_8859_1)
    val codes = printed.linesIterator.filter(_.startsWith(Mark)).map(_.drop(Mark.length)).toSeq
    assert(codes == Seq("0", "0", "0", "0", "0", "4", "4", "2", "2", "2", "2"), printed)
    assert(printed.contains("it holds credentials"))

    val files = Using.resource(Files.walk(work))(_.iterator.asScala.filter(Files.isRegularFile(_)).toList)
    val names = files.map(_.getFileName.toString).toSet
    assert(Set("run.json", "summary.json", "index.html", "output.txt").subsetOf(names))
    val contents = files.map(file => file -> new String(Files.readAllBytes(file), ISO_8859_1))
    // The search finds what is there: an image's name in the plan's table.
    assert(contents.exists { case (file, text) => file.toString.contains("/plan/") && text.contains("images/") })

    for ((file, text) <- contents; secret <- Conf ++ Environment ++ InAddress)
      assert(!text.contains(secret), s"$file holds $secret")
  }

  private def command(work: Path): Seq[String] = {
    val inherited = ManagementFactory.getRuntimeMXBean.getInputArguments.asScala.filter(_.startsWith("--add"))
    val s3a = "-Dspark.hadoop.fs.s3a."
    Seq(Path.of(System.getProperty("java.home"), "bin", "java").toString, "-Xmx1g") ++ inherited ++ Seq(
      "--add-modules=jdk.incubator.vector",
      s"-Dlog4j2.configurationFile=${Path.of("..", "conf", "log4j2.properties").toUri}",
      "-Dspark.master=local[1]",
      "-Dspark.ui.enabled=false",
      "-Dspark.sql.parquet.compression.codec=uncompressed",
      s"${s3a}access.key=${Conf(0)}",
      s"${s3a}secret.key=${Conf(1)}",
      s"${s3a}session.token=${Conf(2)}",
      s"${s3a}endpoint=http://127.0.0.1:1",
      s"${s3a}endpoint.region=us-east-1",
      s"${s3a}path.style.access=true",
      s"${s3a}attempts.maximum=1",
      s"${s3a}retry.limit=1",
      s"${s3a}retry.interval=10ms",
      s"${s3a}connection.establish.timeout=1s",
      "-cp",
      System.getProperty("java.class.path"),
      "org.denseflow.jobs.SecretsSuite",
      work.toString
    )
  }
}

object SecretsSuite {
  private val Mark = "exit code "
  private val Conf = Seq("AKIACONFIGURED", "configured/Secret+Key", "configuredSessionToken")
  private val Environment = Seq("AKIAENVIRONMENT", "environment/Secret+Key", "environmentSessionToken")
  private val InAddress = Seq("AKIAADDRESS", "addressSecretKey", "address/Secret+Key")

  /** The jobs, one after the other as in a process of their own. */
  def main(arguments: Array[String]): Unit = {
    val work = Path.of(arguments(0))
    val Seq(images, run, scores) = Seq("images", "run", "scores").map(work.resolve(_).toString)
    val matching = Seq("--method", "nn", "--backbone", "hog", "--dataset", s"cub:$images")
    val address = s"s3a://${InAddress(0)}:${InAddress(1)}@bucket"

    def flow(arguments: String*): Int = JobMain.execute(new DenseFlowCommand, arguments: _*)

    def report(code: Int): Unit = println(Mark + code)

    report(
      JobMain.execute(
        new DrawObjectsCommand,
        "--out", images, "--categories", "1", "--images-per-category", "2", "--size", "96", "--seed", "5"
      )
    )
    report(flow(matching ++ Seq("--out", run, "--dry-run"): _*))
    report(flow(matching ++ Seq("--out", run, "--write", "flows,png"): _*))
    report(
      JobMain.execute(
        new EvaluateCommand,
        "--flows", run, "--dataset", s"cub:$images", "--protocol", "cub/bbox-kp", "--out", scores
      )
    )
    report(JobMain.execute(new ReportCommand, "--run", run, "--scores", scores))
    report(flow(matching ++ Seq("--out", "s3a://bucket/run"): _*))
    report(flow("--dataset", "pairs:s3a://bucket/pairs.csv", "--out", work.resolve("none").toString))
    report(flow(matching ++ Seq("--out", s"$address/run"): _*))
    report(flow("--dataset", s"pairs:$address/pairs.csv", "--out", work.resolve("none").toString))
    report(flow(matching ++ Seq("--weights", s"$address/w.h5", "--out", work.resolve("none").toString): _*))
    val list = Files.writeString(
      work.resolve("images").resolve("pairs.csv"),
      s"source,target\ns3a://${InAddress(0)}:${InAddress(2)}@bucket/a.png,b.png\n"
    )
    report(flow("--dataset", s"pairs:$list", "--out", work.resolve("none").toString))
    Files.delete(list)
  }
}
