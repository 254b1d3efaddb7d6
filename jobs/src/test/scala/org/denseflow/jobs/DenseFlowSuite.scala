package org.denseflow.jobs

import java.awt.image.BufferedImage
import java.nio.file.{Files, Path}
import java.nio.file.attribute.FileTime
import javax.imageio.ImageIO
import org.denseflow.jobs.compare.CompareCommand
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.schemas.RunManifest
import scala.jdk.CollectionConverters._

class DenseFlowSuite extends JobSuite {
  private lazy val first = {
    val run = out("first")
    assert(flowJob("--dataset", s"cub:$images", "--out", run, "--write", "flows,warps,flo,png") == 0)
    run
  }

  test("every pair has exactly one row, and the manifest counts them") {
    val rows = flows(first).collect()
    assert(rows.length == 3 * 4 * 3)
    assert(rows.map(_.getAs[String]("pair_id")).distinct.length == rows.length)
    assert(rows.forall(_.getAs[String]("status") == "ok"))
    val manifest = RunManifest.parse(Files.readString(Path.of(first, "run.json")))
    assert(manifest.count("pairs") == 36 && manifest.count("failed") == 0 && manifest.count("images") == 12)
    assert(manifest.count("described") == 12, "each image is described once: a category is one tile")
    assert(manifest.chunks == 3)
  }

  test("derived tables hold one warp, one .flo and three pictures per pair") {
    assert(spark.read.parquet(first + "/warps").count() == 36)
    assert(count(Path.of(first, "flo"), ".flo") == 36)
    assert(count(Path.of(first, "png"), ".png") == 3 * 36)
    assert(Files.exists(Path.of(first, "contact-sheet.png")))
  }

  test("intermediate results are a column of the flows, and pictures where pictures are asked for") {
    val run = out("intermediate")
    val limited = Seq("--dataset", s"cub:$images", "--out", run, "--limit", "2")
    assert(flowJob(limited ++ Seq("--write", "intermediate,png"): _*) == 0)
    val steps = flows(run).selectExpr("inline(steps)").collect()
    assert(steps.map(_.getAs[String]("name")).distinct.length == 2 * 4, "four rounds of matches and guidance")
    assert(steps.forall(_.getAs[Array[Byte]]("flow").length == 20 * 20 * 8))
    assert(count(Path.of(run, "png"), ".steps.png") == 2)
    assert(flows(first).where("size(steps) > 0").count() == 0)
    val (code, message) = errorOf(flowJob(limited :+ "--resume": _*))
    assert(code == 2 && message.contains("fingerprint"), message)
  }

  test("a row says how well its matches agree, and whether the target was mirrored") {
    val plain = flows(first).collect()
    assert(plain.forall(row => row.getAs[Double]("agreement") > 0 && row.getAs[Double]("agreement") <= 1))
    assert(plain.forall(!_.getAs[Boolean]("mirrored")))
    val pairs = work.resolve("mirrored.csv")
    val car = images.resolve("images/001.car")
    val one = Files.list(car).iterator().asScala.map(_.toString).toSeq.min
    val picture = ImageIO.read(new java.io.File(one))
    val turned = new BufferedImage(picture.getWidth, picture.getHeight, BufferedImage.TYPE_INT_RGB)
    turned.createGraphics().drawImage(picture, picture.getWidth, 0, -picture.getWidth, picture.getHeight, null)
    ImageIO.write(turned, "png", work.resolve("turned.png").toFile)
    Files.writeString(pairs, s"source,target\n$one,${work.resolve("turned.png")}\n${work.resolve("turned.png")},${work.resolve("turned.png")}\n")
    def mirrored(mirror: String): Seq[Boolean] = {
      val run = out("mirror-" + mirror)
      assert(flowJob("--dataset", s"pairs:$pairs", "--set", s"guided.mirror=$mirror", "--out", run) == 0)
      assert(RunManifest.parse(Files.readString(Path.of(run, "run.json"))).count("described") == 2)
      val rows = flows(run).collect().map(row => (row.getAs[String]("source") == row.getAs[String]("target"), row.getAs[Boolean]("mirrored")))
      rows.sortBy(_._1).map(_._2).toSeq
    }
    assert(mirrored("auto") == Seq(true, false))
    assert(mirrored("always") == Seq(true, true))
    val nearest = out("nearest")
    assert(flowJob("--dataset", s"cub:$images", "--limit", "2", "--method", "nn", "--out", nearest) == 0)
    assert(flows(nearest).where("agreement is not null or mirrored").count() == 0)
  }

  test("a run that was begun before flows had steps is resumed, and its pictures are drawn") {
    val run = out("before")
    val limited = Seq("--dataset", s"cub:$images", "--out", run, "--limit", "2")
    assert(flowJob(limited: _*) == 0)
    val chunk = Path.of(run, "flows", "chunk=00000")
    val older = out("without-steps")
    spark.read.parquet(chunk.toString).drop("steps", "agreement", "mirrored").write.parquet(older)
    deleteFolder(chunk)
    Files.move(Path.of(older), chunk)
    assert(flowJob(limited ++ Seq("--resume", "--write", "png"): _*) == 0)
    assert(count(Path.of(run, "png"), ".png") == 2 * 3)
  }

  test("an output that is in use is refused, and another configuration cannot resume it") {
    assert(flowJob("--dataset", s"cub:$images", "--out", first) == 2)
    assert(flowJob("--dataset", s"cub:$images", "--out", first, "--method", "nn", "--resume") == 2)
  }

  test("resuming computes only the chunks that are not committed, and gives the same rows") {
    val run = out("resumed")
    assert(flowJob("--dataset", s"cub:$images", "--out", run) == 0)
    val kept = modified(run, 0)
    deleteFolder(Path.of(run, "flows", "chunk=00001"))
    Files.delete(Path.of(run, "run.json"))
    assert(flowJob("--dataset", s"cub:$images", "--out", run, "--resume") == 0)
    assert(modified(run, 0) == kept, "a committed chunk was written again")
    assert(compareFlows(run, "--tolerance", "0") == 0)
  }

  test("flows in half precision take half the bytes and say nearly the same") {
    val run = out("half")
    assert(flowJob("--dataset", s"cub:$images", "--out", run, "--set", "flows.precision=half") == 0)
    assert(flows(run).collect().forall { row =>
      row.getAs[Array[Byte]]("flow").length == 20 * 20 * 2 * 2 && row.getAs[String]("flow_encoding") == "f16le"
    })
    assert(compareFlows(run, "--tolerance", "0.01", "--ignore", "flow_encoding") == 0)
    assert(compareFlows(run, "--tolerance", "0") == 3)
  }

  test("features kept in half precision say nearly the same; networks that read them refuse") {
    val run = out("half-features")
    assert(flowJob("--dataset", s"cub:$images", "--out", run, "--set", "features.precision=half") == 0)
    assert(compareFlows(run, "--tolerance", "0") == 3)
    val moved = flows(first).as("a").join(flows(run).as("b"), "pair_id").selectExpr("avg(abs(a.score - b.score))")
    assert(moved.collect().head.getDouble(0) < 1e-4)
    val networks = Seq("--method", "rtn", "--set", "features.precision=half", "--out", out("rtn-half"))
    val (code, message) = errorOf(flowJob(Seq("--dataset", s"cub:$images") ++ networks: _*))
    assert(code == 2 && message.contains("the networks of rtn"), message)
  }

  test("what a process keeps and reads ahead changes no row, and may be another when a run is resumed") {
    val run = out("nothing-kept")
    val nothing = Seq("--set", "task.kept-bytes=0", "--set", "task.read-ahead=0", "--set", "plan.tile-pairs=2")
    assert(flowJob(Seq("--dataset", s"cub:$images", "--out", run) ++ nothing: _*) == 0)
    assert(compareFlows(run, "--tolerance", "0") == 0)
    deleteFolder(Path.of(run, "flows", "chunk=00001"))
    val other = Seq("--set", "task.kept-bytes=100000", "--set", "plan.tile-pairs=2", "--resume")
    assert(flowJob(Seq("--dataset", s"cub:$images", "--out", run) ++ other: _*) == 0)
    assert(compareFlows(run, "--tolerance", "0") == 0)
  }

  test("the rows do not depend on how pairs are cut into tiles and chunks") {
    val run = out("small-tiles")
    assert(
      flowJob("--dataset", s"cub:$images", "--out", run, "--set", "plan.tile-images=2") == 0
    )
    assert(compareFlows(run) == 0)
  }

  test("a run that differs is told") {
    val run = out("nn")
    assert(flowJob("--dataset", s"cub:$images", "--out", run, "--method", "nn") == 0)
    assert(compareFlows(run) == 3)
  }

  test("guided flow is better than the identity on drawn objects, and the summary says so") {
    val scores = out("scores")
    assert(
      execute(
        new EvaluateCommand,
        "--flows", first, "--dataset", s"cub:$images", "--protocol", "cub/bbox-kp", "--out", scores
      ) == 0
    )
    val summary = spark.read.option("multiLine", "true").json(scores + "/summary.json")
    val all = summary.where("category = 'all' and metric = 'pck@0.10'").collect().head
    assert(all.getAs[Long]("pairs") == 36)
    assert(all.getAs[Double]("value") > 0.6)
    assert(spark.read.parquet(scores + "/metrics").count() == 36 * 3)
  }

  test("a protocol that reads the swapped pair scores a symmetric list") {
    val scores = out("scores-swapped")
    assert(
      execute(
        new EvaluateCommand,
        "--flows", first, "--dataset", s"cub:$images", "--protocol", "pf-willow/weakalign-pf",
        "--out", scores
      ) == 0
    )
  }

  test("two loose images leave .flo, pictures and a contact sheet") {
    val run = out("loose")
    val car = images.resolve("images/001.car")
    assert(
      flowJob("--source", s"$car/car_1.png", "--target", s"$car/car_2.png", "--out", run) == 0
    )
    assert(count(Path.of(run, "flo"), ".flo") == 1)
    assert(Files.exists(Path.of(run, "contact-sheet.png")))
  }

  test("a dry run writes nothing; --limit takes the first pairs") {
    val run = out("dry")
    assert(flowJob("--dataset", s"cub:$images", "--out", run, "--dry-run") == 0)
    assert(!Files.exists(Path.of(run)))
    assert(flowJob("--dataset", s"cub:$images", "--out", run, "--limit", "5") == 0)
    assert(flows(run).count() == 5)
  }

  /** The exit code of comparing the flows of a run with those of the first, which alone has warps too. */
  private def compareFlows(run: String, options: String*): Int =
    execute(new CompareCommand, Seq("--run", first, "--with", run, "--tables", "flows") ++ options: _*)

  private def modified(run: String, chunk: Int): FileTime =
    Files.getLastModifiedTime(Path.of(run, "flows", f"chunk=$chunk%05d", "_SUCCESS"))

  private def count(folder: Path, suffix: String): Long = {
    val files = Files.walk(folder)
    try files.filter(_.toString.endsWith(suffix)).count()
    finally files.close()
  }

  private def deleteFolder(folder: Path): Unit = {
    val files = Files.list(folder)
    try files.forEach(Files.delete(_))
    finally files.close()
    Files.delete(folder)
  }
}
