package org.denseflow.jobs

import org.denseflow.geometry.Size
import java.nio.file.{Files, Path}
import org.apache.hadoop.conf.Configuration
import org.apache.spark.sql.Row
import org.apache.spark.sql.functions.lit
import org.apache.spark.sql.types.{StringType, StructField, StructType}
import org.denseflow.jobs.dataset.{Datasets, HadoopFileStore, ImagePair}
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.run.FlowTable
import org.denseflow.metrics.{Keypoints, Pck, Protocols}
import org.denseflow.schemas.RunManifest
import scala.jdk.CollectionConverters._

/** A score is over the pairs that the dataset lists, each once, or says over which it is. */
class EvaluateSuite extends JobSuite {
  private val backward = "pf-pascal/scnet-224"
  private val forward = "pf-pascal/hpf-img"
  private val small = Seq("--method", "nn", "--backbone", "hog", "--set", "image.width=96", "--set", "image.height=96")

  private def open(address: String): Seq[ImagePair] =
    Datasets.open(address, new HadoopFileStore(new Configuration)).pairs.asScala.toSeq

  /** Of each class of four images: 1 and 2 both ways, 1 to 3, 3 to 4; as PF-PASCAL lists pairs. */
  private def pfPascal(folder: Path): Path = {
    copy(images, folder)
    val wanted = Set("1" -> "2", "2" -> "1", "1" -> "3", "3" -> "4")
    def number(uri: String) = uri.replaceAll(".*_([0-9]+)[.].*", "$1")
    val lines = open(s"cub:$folder").filter(pair => wanted(number(pair.source) -> number(pair.target))).map { pair =>
      val (a, b) = (pair.annotation.source.keypoints.get, pair.annotation.target.keypoints.get)
      val both = (0 until a.size).filter(k => a.present(k) && b.present(k))
      def cells(points: Keypoints) = Seq(points.x, points.y).map(values => both.map(values(_)).mkString(";"))
      val paths = Seq(pair.source, pair.target).map(uri => folder.relativize(Path.of(uri)))
      (paths ++ Seq(pair.category.take(3).toInt) ++ cells(a) ++ cells(b)).mkString(",")
    }
    assert(lines.size == 12)
    Files.writeString(folder.resolve("test_pairs.csv"), ("source_image,target_image,class,XA,YA,XB,YB" +: lines).mkString("\n"))
    folder
  }

  private lazy val benchmark = pfPascal(work.resolve("pf-pascal"))
  private lazy val run = made("run", s"pf-pascal:$benchmark")
  private lazy val oneWay = made("one-way", s"pf-pascal:$benchmark?directions=one")

  private def made(name: String, dataset: String, more: String*): String = {
    assert(flowJob(Seq("--dataset", dataset, "--out", out(name)) ++ small ++ more: _*) == 0)
    out(name)
  }

  /** The exit code, what was printed as error, and the rows of summary.json. */
  private def evaluate(flows: String, dataset: String, protocol: String, to: String): (Int, String, Seq[Row]) = {
    val arguments = Seq("--flows", flows, "--dataset", dataset, "--protocol", protocol, "--out", out(to))
    val (code, message) = errorOf(execute(new EvaluateCommand, arguments: _*))
    val rows =
      if (code == 2) Seq.empty
      else spark.read.option("multiLine", "true").json(out(to) + "/summary.json").collect().toSeq
    (code, message, rows)
  }

  private def row(rows: Seq[Row], category: String = "all"): Row =
    rows.find(row => row.getAs[String]("category") == category && row.getAs[String]("metric") == "pck@0.10").get

  private def counts(row: Row): (Long, Long, Long) =
    (row.getAs[Long]("pairs"), row.getAs[Long]("failed"), row.getAs[Long]("unscored"))

  /** The rows of all ordered pairs, by the names of their images. */
  private lazy val all: Map[(String, String), Row] =
    flows(made("all", s"cub:$images")).collect().map { row =>
      (name(row.getAs("source")), name(row.getAs("target"))) -> row
    }.toMap

  /** PCK of each listed pair by itself. */
  private def oracle(protocol: String): Double = {
    val named = Protocols.named(protocol)
    val values = open(s"pf-pascal:$benchmark").map { pair =>
      val key = (name(pair.source), name(pair.target))
      val flow = FlowTable.flow(all(if (Protocols.readsSwapped(protocol)) key.swap else key))
      val own = all(key)
      val sizes = Seq("source_width", "source_height", "target_width", "target_height").map(own.getAs[Int](_))
      Pck.score(named, flow, pair.keypoints(new Size(sizes(0), sizes(1)), new Size(sizes(2), sizes(3))).get.pair).pck(1)
    }
    values.sum / values.size
  }

  private def name(uri: String): String = uri.drop(uri.lastIndexOf('/') + 1)

  test("a benchmark's run has the swapped flows that its protocols read, and none is counted as a pair") {
    val ids = flows(run).select("pair_id").collect().map(_.getString(0))
    assert(ids.length == 12 + 6 && ids.count(_.endsWith("/swapped")) == 6)
    val manifest = RunManifest.parse(Files.readString(Path.of(run, "run.json")))
    assert(manifest.count("pairs") == 12 && manifest.count("swapped") == 6)
    for (protocol <- Seq(backward, forward)) {
      val (code, message, rows) = evaluate(run, s"pf-pascal:$benchmark", protocol, "scores-" + protocol.drop(10))
      assert(code == 0, message)
      assert(counts(row(rows)) == (12L, 0L, 0L))
      assert(math.abs(row(rows).getAs[Double]("value") - oracle(protocol)) < 1e-9)
    }
    val pairs = spark.read.parquet(out("scores-scnet-224") + "/metrics").select("pair_id").distinct().collect()
    assert(pairs.length == 12 && pairs.forall(!_.getString(0).endsWith("/swapped")))
  }

  test("directions=both changes no score; with directions=one what is missing is unscored, by category too") {
    val both = made("both", s"pf-pascal:$benchmark?directions=both")
    val (whole, _, same) = evaluate(both, s"pf-pascal:$benchmark?directions=both", backward, "scores-both")
    assert(whole == 0 && counts(row(same)) == (12L, 0L, 0L))
    val (code, message, rows) = evaluate(oneWay, s"pf-pascal:$benchmark", s"$backward,$forward", "scores-one")
    assert(code == 3)
    assert(message.contains("unscored: the run has no row of the swapped pair") && message.contains("6 pairs"), message)
    assert(message.contains("?directions=both"), message)
    assert(counts(row(rows)) == (6L, 0L, 6L) && counts(row(rows, "aeroplane")) == (2L, 0L, 2L))
    assert(counts(row(rows.filter(_.getAs[String]("protocol") == forward))) == (12L, 0L, 0L))
    val causes = spark.read.option("multiLine", "true").json(out("scores-one") + "/unscored.json").collect()
    assert(causes.map(cause => (cause.getAs[String]("protocol"), cause.getAs[Long]("pairs"))).toSeq == Seq((backward, 6L)))
    val gaps = spark.read.parquet(out("scores-one") + "/unscored").collect()
    assert(gaps.length == 6 && gaps.forall(_.getAs[String]("protocol") == backward))
  }

  test("a dataset that was moved since is the same dataset") {
    val moved = work.resolve("moved")
    copy(benchmark, moved)
    val (_, _, here) = evaluate(run, s"pf-pascal:$benchmark", backward, "scores-here")
    val (code, message, there) = evaluate(run, s"pf-pascal:$moved", backward, "scores-there")
    assert(code == 0 && message.contains(s"the run was made of pf-pascal:$benchmark"), message)
    assert(here == there)
  }

  test("a deleted image fails its pairs, which are counted by category; the rest is scored") {
    val damaged = work.resolve("damaged")
    copy(benchmark, damaged)
    Files.delete(Path.of(open(s"pf-pascal:$damaged").head.source))
    val flows = made("damaged-run", s"pf-pascal:$damaged", "--max-failed-fraction", "1")
    val (code, message, rows) = evaluate(flows, s"pf-pascal:$damaged", forward, "scores-damaged")
    assert(code == 3 && message.contains("failed: "), message)
    assert(counts(row(rows)) == (9L, 3L, 0L) && counts(row(rows, "aeroplane")) == (1L, 3L, 0L))
    val (backwards, _, swapped) = evaluate(flows, s"pf-pascal:$damaged", backward, "scores-damaged-back")
    assert(backwards == 3 && counts(row(swapped)) == (9L, 3L, 0L))
  }

  test("a part of a list is scored as a part; rows of other pairs are not counted") {
    val limited = made("limited", s"pf-pascal:$benchmark", "--limit", "5")
    assert(flows(limited).where("pair_id not like '%/swapped'").count() == 5)
    val (code, message, rows) = evaluate(limited, s"pf-pascal:$benchmark", forward, "scores-limited")
    assert(code == 3 && message.contains("7 pairs") && message.contains("--limit"), message)
    assert(counts(row(rows)) == (5L, 0L, 7L))
    val lines = Files.readAllLines(benchmark.resolve("test_pairs.csv")).asScala
    Files.writeString(benchmark.resolve("few.csv"), lines.take(4).mkString("\n"))
    val (few, note, some) = evaluate(run, s"pf-pascal:$benchmark?list=few.csv", forward, "scores-few")
    assert(few == 0 && counts(row(some)) == (3L, 0L, 0L), note)
    assert(note.contains("rows are of no pair of the dataset"), note)
  }

  test("another dataset is refused with examples of both; the same ids of other images are not scored") {
    val (code, message, _) = evaluate(run, s"cub:$images", "cub/bbox-kp", "scores-none")
    assert(code == 2 && message.contains("no pair id of the run is one of the dataset"), message)
    assert(message.contains("images/001") && message.contains(s"pf-pascal:$benchmark"), message)
    def numbered(list: String, first: Int): String = {
      val pairs = open(s"pf-pascal:$benchmark").slice(first, first + 2).zipWithIndex.map { case (pair, i) =>
        s"${pair.source},${pair.target},$i,10 10;90 90;20 80,10 10;90 90;20 80"
      }
      val header = "source,target,pair_id,source_keypoints,target_keypoints"
      "pairs:" + Files.writeString(work.resolve(list), (header +: pairs).mkString("\n"))
    }
    val numbers = made("numbered", numbered("a.csv", 0))
    val (refused, reason, _) = evaluate(numbers, numbered("b.csv", 5), forward, "scores-numbered")
    assert(refused == 2 && reason.contains("is of other images"), reason)
    assert(evaluate(numbers, numbered("a.csv", 0), forward, "scores-same")._1 == 0)
  }

  test("a pair with two rows is refused") {
    val twice = work.resolve("twice")
    copy(Path.of(run), twice)
    copy(twice.resolve("flows/chunk=00000"), twice.resolve("flows/chunk=00009"))
    val (code, message, _) = evaluate(twice.toString, s"pf-pascal:$benchmark", forward, "scores-twice")
    assert(code == 2 && message.contains("has 2 rows"), message)
  }

  test("pairs without a common keypoint, or whose box has no extent, are unscored") {
    val header = "source,target,category,source_keypoints,target_keypoints"
    val points = Seq(
      "10 10;90 90" -> "20 20;80 80", "10 10;nan nan" -> "nan nan;80 80", "nan nan;90 90" -> "20 20;80 80", "" -> ""
    )
    val lines = open(s"pf-pascal:$benchmark").zip(points).map { case (pair, (a, b)) =>
      s"${pair.source},${pair.target},c,$a,$b"
    }
    val list = "pairs:" + Files.writeString(work.resolve("points.csv"), (header +: lines).mkString("\n"))
    val (code, message, rows) = evaluate(made("points", list), list, "cub/bbox-kp", "scores-points")
    assert(code == 3 && counts(row(rows)) == (1L, 0L, 3L) && counts(row(rows, "c")) == (1L, 0L, 3L), message)
    for (reason <- Seq("no keypoint is visible in both", "has no extent", "an image has no keypoints"))
      assert(message.contains(reason), message)
    val (boxes, none, _) = evaluate(out("points"), list, "spair/bbox", "scores-boxes")
    assert(boxes == 2 && none.contains("has no target box"), none)
  }

  test("a list has the same scores in CSV, Parquet and JSON lines, by boxes too") {
    val header = Seq("pair_id", "source", "target", "category", "source_keypoints", "target_keypoints", "target_box")
    def cell(points: Keypoints) = points.x.zip(points.y).map { case (x, y) => s"$x $y" }.mkString(";")
    val lines = open(s"cub:$images").map { pair =>
      val (a, b) = (pair.annotation.source.keypoints.get, pair.annotation.target.keypoints.get)
      Row(pair.pairId, pair.source, pair.target, pair.category, cell(a), cell(b), "4 6 80 70")
    }
    val csv = Files.writeString(work.resolve("lines.csv"), (header +: lines.map(_.toSeq)).map(_.mkString(",")).mkString("\n"))
    val schema = StructType(header.map(name => StructField(name, StringType)))
    val table = spark.createDataFrame(lines.asJava, schema)
    table.repartition(3).write.parquet(out("lines-parquet"))
    table.repartition(2).write.json(out("lines-json"))
    val flows = made("lines", s"pairs:$csv")
    val protocols = "spair/bbox,cub/bbox-kp"
    val scores = Seq(csv.toString, out("lines-parquet"), out("lines-json")).zipWithIndex.map { case (list, n) =>
      val (code, message, rows) = evaluate(flows, s"pairs:$list", protocols, s"scores-lines-$n")
      assert(code == 0, message)
      rows
    }
    assert(counts(row(scores.head))._1 == lines.size && scores.forall(_ == scores.head))
    table.withColumn("source_keypoints", lit("1 2;x 3")).write.parquet(out("lines-wrong"))
    val (code, message, _) = evaluate(flows, s"pairs:${out("lines-wrong")}", protocols, "scores-wrong")
    assert(code == 2 && message.contains("'x' is not a number") && message.contains("source_keypoints"), message)
  }

  private lazy val shared =
    Path.of(sys.env.getOrElse("DENSEFLOW_SHARED", "../../shared")).toAbsolutePath.normalize.resolve("data")

  test("SPair pairs run in one folder are scored in another, and agree with a count by numpy") {
    val spair = shared.resolve("cases/20-spair-mini")
    assume(Files.isDirectory(spair), s"no shared data at $spair")
    val folders = Seq("spair-a", "spair-b").map(work.resolve(_))
    folders.foreach(copy(spair, _))
    val options = Seq("--dataset", s"spair:${folders.head}?directions=both", "--method", "guided-translation")
    assert(flowJob(options ++ Seq("--out", out("spair")): _*) == 0)
    assert(flows(out("spair")).count() == 4)
    val protocols = "spair/bbox,spair/dift-point,pf-willow/cats"
    val (code, message, rows) = evaluate(out("spair"), s"spair:${folders.last}", protocols, "scores-spair")
    assert(code == 0, message)
    def values(protocol: String) =
      rows.filter(row => row.getAs[String]("protocol") == protocol && row.getAs[String]("category") == "all")
        .map(row => math.round(1000 * row.getAs[Double]("value")) / 1000.0)
    assert(values("spair/bbox") == Seq(0.185, 0.430, 0.637, 0.785))
    assert(values("spair/dift-point") == Seq(0.176, 0.471, 0.706, 0.824))
    assert(counts(row(rows.filter(_.getAs[String]("protocol") == "pf-willow/cats"))) == (3L, 0L, 0L))
  }

  private def copy(from: Path, to: Path): Unit = {
    val walk = Files.walk(from)
    try walk.iterator().asScala.foreach { path =>
      val goal = to.resolve(from.relativize(path).toString)
      if (Files.isDirectory(path)) Files.createDirectories(goal) else Files.copy(path, goal)
    } finally walk.close()
  }
}
