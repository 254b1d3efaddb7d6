package org.denseflow.jobs.run

import java.net.Socket
import java.nio.file.{Files, Path}
import java.time.Duration
import java.util.UUID
import java.util.concurrent.CountDownLatch
import org.apache.hadoop.fs.{Path => HadoopPath}
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.{DataFrame, Row}
import org.denseflow.jobs.JobSuite
import org.denseflow.jobs.plan.RunPlan
import org.denseflow.jobs.run.RunLease.Driver
import scala.concurrent.ExecutionContext.Implicits.global
import scala.concurrent.duration.DurationInt
import scala.concurrent.{Await, Future}
import scala.jdk.CollectionConverters._
import scala.util.{Failure, Try}

/**
 * A driver that is frozen between its look at the claim and its write, and wakes up when another has taken over: on local files, and on
 * the server of {@code scripts/s3-local} while that runs.
 */
class TakeoverSuite extends JobSuite {
  private val schema = StructType.fromDDL("id INT, writer STRING")
  private val port = sys.env.getOrElse("DENSEFLOW_S3_PORT", "9000").toInt

  on("local files")(out, (), ())
  on("S3")(name => s"s3a://denseflow/takeover-${UUID.randomUUID()}/$name", useS3(), settings.foreach(set(_, None)))

  private def on(storage: String)(folder: String => String, before: => Unit, after: => Unit): Unit = {
    def check(name: String)(body: (Pair => Unit)): Unit = test(s"$storage: $name") {
      spark
      before
      val pair = new Pair(folder(name.replaceAll("[^a-z]+", "-")))
      try body(pair)
      finally {
        pair.second.close()
        after
      }
    }

    check("a frozen driver's chunk does not take the place of its successor's") { drivers =>
      import drivers._
      val chunk = first.chunk("flows", 0)
      frozen(chunk.write(rows("first", frozen = true), 0)) {
        takeOver()
        assert(second.takeOver("flows").isEmpty)
        assert(second.chunk("flows", 0).write(rows("second")) == 0)
      }
      assert(written("flows") == all("second"))
      assert(parts("flows").forall(_.matches("part-0-[0-9a-f]{12}-[0-9]{5}-.*")), parts("flows"))
    }

    check("files that lie there already are removed by their successor, or by the one who wakes up") { drivers =>
      import drivers._
      val chunk = first.chunk("flows", 0)
      val early = chunk.attempt(rows("first"), 0)
      takeOver()
      second.chunk("flows", 0).write(rows("second"))
      assert(written("flows") == all("second"))
      stops(chunk.publish(0, early))
      val late = chunk.attempt(rows("first"), 0)
      assert(written("flows") == all("first") ++ all("second"))
      stops(chunk.publish(0, late))
      assert(written("flows") == all("second"))
      assert(second.generations("flows").asScala == Map(0 -> 0))
    }

    check("a frozen driver's replacement does not take the place of its successor's") { drivers =>
      import drivers._
      val chunk = first.chunk("flows", 0)
      chunk.write(rows("before"))
      frozen(chunk.write(chunk.read(spark, schema).where("id = 1").union(rows("first", frozen = true).where("id > 1")))) {
        takeOver()
        assert(second.takeOver("flows").asScala == Map(0 -> 0))
        assert(second.chunk("flows", 0).write(rows("second")) == 1)
      }
      assert(written("flows") == all("second") && second.generations("flows").asScala == Map(0 -> 1))
    }

    check("a replacement that was written and not published is none any more") { drivers =>
      import drivers._
      val chunk = first.chunk("flows", 0)
      chunk.write(rows("before"))
      val replacement = chunk.attempt(rows("first"), 1)
      takeOver()
      assert(second.takeOver("flows").asScala == Map(0 -> 1) && written("flows") == all("before"))
      stops(chunk.publish(1, replacement))
      assert(written("flows") == all("before") && read("flows") == all("before"))
      second.chunk("flows", 0).write(rows("second"))
      assert(second.generations("flows").asScala == Map(0 -> 2) && written("flows") == all("second"))
    }

    check("a frozen driver's derived chunk, of rows that have been replaced, does not count") { drivers =>
      import drivers._
      first.chunk("flows", 0).write(rows("before"))
      frozen(first.chunk("warps", 0).write(rows("first", frozen = true), 0)) {
        takeOver()
        val generation = second.chunk("flows", 0).write(rows("second"))
        assert(second.chunk("warps", 0).write(rows("second"), generation) == 1)
      }
      assert(written("warps") == all("second") && read("warps") == all("second"))
      assert(second.generations("warps").asScala == Map(0 -> 1))
    }

    check("a frozen driver's plan does not take the place of its successor's") { drivers =>
      import drivers._
      val (own, other) = (new RunIdentity("0123456789abcdef", "flows 1"), new RunIdentity("123456789abcdef0", "flows 1"))
      def plan(rows: => DataFrame): java.util.function.Function[String, RunPlan] = { uri =>
        rows.write.parquet(uri)
        null
      }
      frozen(first.begin(own, plan(rows("first", frozen = true)))) {
        takeOver()
        second.begin(other, plan(rows("second")))
      }
      assert(spark.read.parquet(second.planUris.asScala.head).select("writer").distinct().collect().map(_.getString(0)).toSeq == Seq("second"))
    }

    check("rows of a run of before there were attempts are all files of its folder, until they are replaced") { drivers =>
      import drivers._
      val uri = first.chunk("flows", 3).uri
      rows("before").repartition(2).write.parquet(uri)
      first.put("flows/chunk=00003/_SUCCESS", Array.emptyByteArray)
      takeOver()
      val chunk = first.chunk("flows", 3)
      val dead = chunk.attempt(rows("first"), 1)
      assert(second.chunk("flows", 3).read(spark, schema).count() == 3)
      assert(second.takeOver("flows").asScala == Map(3 -> 1) && written("flows") == all("before"))
      stops(chunk.publish(1, dead))
      val again = second.chunk("flows", 3)
      assert(again.write(again.read(spark, schema).where("id = 1").union(rows("second").where("id > 1"))) == 2)
      assert(written("flows") == Seq(1 -> "before", 2 -> "second", 3 -> "second"))
    }
  }

  /** Two drivers of one run. */
  private class Pair(uri: String) {
    private val configuration = spark.sparkContext.hadoopConfiguration
    val first = new RunDirectory(uri, configuration)
    val second = new RunDirectory(uri, configuration)
    first.hold(new Driver("elsewhere", "", 12), Duration.ofMillis(200), () => ())
    // A frozen driver gives no more signs of life.
    first.close()

    def takeOver(): Unit = second.hold(Driver.here(), Duration.ofMillis(200), () => ())

    /** What any reader of the table finds. */
    def written(table: String): Seq[(Int, String)] = pairs(spark.read.schema(schema).parquet(second.table(table)))

    def read(table: String): Seq[(Int, String)] = pairs(second.chunk(table, 0).read(spark, schema))

    def parts(table: String): Seq[String] = {
      val folder = new HadoopPath(second.chunk(table, 0).uri)
      folder.getFileSystem(configuration).listStatus(folder).map(_.getPath.getName).filter(_.startsWith("part-")).toSeq
    }
  }

  private def pairs(rows: DataFrame) = rows.collect().map(row => row.getInt(0) -> row.getString(1)).sortBy(_.swap).toSeq

  private def all(writer: String): Seq[(Int, String)] = (1 to 3).map(_ -> writer)

  private def rows(writer: String, frozen: Boolean = false): DataFrame = {
    val made = spark.sparkContext.parallelize(1 to 3, 1).map { id =>
      if (frozen) TakeoverSuite.freeze()
      Row(id, writer)
    }
    spark.createDataFrame(made, schema)
  }

  /** Does something else while a driver's task stands still, then has it go on; it stops by itself. */
  private def frozen(driver: => Any)(meanwhile: => Unit): Unit = {
    TakeoverSuite.reached = new CountDownLatch(1)
    TakeoverSuite.awake = new CountDownLatch(1)
    val running = Future(Try(driver))
    TakeoverSuite.reached.await()
    try meanwhile
    finally TakeoverSuite.awake.countDown()
    assertStopped(Await.result(running, 1.minute))
  }

  private def stops(driver: => Any): Unit = assertStopped(Try(driver))

  private def assertStopped(ended: Try[Any]): Unit = ended match {
    case Failure(failure) => assert(failure.getMessage.contains("Another driver has taken over"), failure)
    case other => fail(s"The driver went on: $other")
  }

  private lazy val settings: Map[String, String] =
    Files
      .readAllLines(Path.of("../conf/spark-s3-local.conf"))
      .asScala
      .filterNot(_.startsWith("#"))
      .map(_.split(" +", 2))
      .map(line => line(0) -> line(1).replace(":9000", s":$port"))
      .toMap

  private def useS3(): Unit = {
    assume(Try(new Socket("127.0.0.1", port).close()).isSuccess, "scripts/s3-local is not running")
    settings.foreach { case (key, value) => set(key -> value, Some(value)) }
  }

  private def set(setting: (String, String), value: Option[String]): Unit = {
    val (key, hadoop) = (setting._1, spark.sparkContext.hadoopConfiguration)
    if (key.startsWith("spark.hadoop.")) {
      value.fold(hadoop.unset(key.stripPrefix("spark.hadoop.")))(hadoop.set(key.stripPrefix("spark.hadoop."), _))
    } else {
      value.fold(spark.conf.unset(key))(spark.conf.set(key, _))
    }
  }
}

private object TakeoverSuite {
  @volatile var reached: CountDownLatch = _
  @volatile var awake: CountDownLatch = _

  def freeze(): Unit = {
    reached.countDown()
    awake.await()
  }
}
