package org.denseflow.jobs

import java.io.ByteArrayInputStream
import java.nio.file.{Files, Path}
import javax.imageio.ImageIO
import org.apache.spark.sql.{DataFrame, Row}
import org.denseflow.image.{ImageLimits, MaskDecoder, MaskRule, Orientation}
import org.denseflow.jobs.masks.{MaskTable, MaskTransferCommand}
import org.denseflow.schemas.RunManifest
import org.denseflow.transfer.RunLengths
import scala.jdk.CollectionConverters._

class MaskTransferSuite extends JobSuite {
  private def maskJob(arguments: String*): Int = execute(
    new MaskTransferCommand,
    Seq("--set", "image.width=160", "--set", "image.height=160", "--set", "mask.side=96", "--set", "mask.filter.radius=4") ++
      arguments: _*
  )

  private def rows(run: String): DataFrame =
    spark.read.schema(MaskTable.SCHEMA).parquet(run + "/masks")

  private def targets(run: String): Seq[Row] =
    rows(run).where("role = 'target'").orderBy("image_id").collect().toSeq

  private def masks(run: String): Map[String, String] =
    targets(run).map(row => row.getAs[String]("image_id") -> row.getAs[String]("rle")).toMap

  private lazy val ids: Seq[String] =
    Files.readAllLines(images.resolve("images.txt")).asScala.map(_.split(" ")(1)).toSeq

  /** The first two of each class. */
  private lazy val drawn: String = {
    val chosen = ids.groupBy(_.split("/")(0)).values.flatMap(_.sorted.take(2)).toSeq.sorted
    Files.writeString(work.resolve("exemplars.txt"), chosen.mkString("\n")).toString
  }

  private lazy val first = {
    val run = out("masks")
    assert(
      maskJob(
        "--dataset", s"cub:$images", "--exemplars", drawn, "--targets", "all", "--out", run,
        "--set", "plan.chunk-pairs=4", "--next", "3"
      ) == 0
    )
    run
  }

  test("every target has a mask, its run lengths, its voters and its scores") {
    val found = targets(first)
    assert(found.size == 12 && found.forall(_.getAs[String]("status") == "ok"))

    for (row <- found) {
      val mask = MaskDecoder.decode(row.getAs[Array[Byte]]("mask_png"), ImageLimits.DEFAULT, Orientation.UPRIGHT, MaskRule.AUTO)
      assert(mask.width == row.getAs[Int]("width") && mask.height == row.getAs[Int]("height"))
      assert(row.getAs[String]("rle") == RunLengths.encode(mask))
      val soft = ImageIO.read(new ByteArrayInputStream(row.getAs[Array[Byte]]("soft_png")))
      assert(math.max(soft.getWidth, soft.getHeight) == 96)
      val voters = row.getAs[scala.collection.Seq[Row]]("exemplars")
      assert(math.abs(voters.map(_.getAs[Double]("weight")).sum - 1) < 1e-6)
      assert(!voters.map(_.getAs[String]("image_id")).contains(row.getAs[String]("image_id")))
      assert(row.getAs[Int]("evaluated") == voters.size && row.getAs[Double]("agreement") > 0)
      val score = voters.map(_.getAs[Double]("score")).sum / voters.size
      val trust = row.getAs[Double]("certainty") * row.getAs[Double]("stability") * score
      assert(math.abs(row.getAs[Double]("agreement") - trust) < 1e-9)
      assert(Seq("certainty", "stability").forall(name => row.getAs[Double](name) > 0.3 && row.getAs[Double](name) <= 1))
    }

    val mean = (column: String) => {
      val known = found.filterNot(row => row.isNullAt(row.fieldIndex(column)))
      known.map(_.getAs[Double](column)).sum / known.size
    }
    assert(mean("iou") > mean("copy_iou") + 0.1)
    assert(mean("lt_acc") > 0.8)
  }

  test("each image is described once for each tile; plan, manifest and summary say so") {
    val manifest = RunManifest.parse(Files.readString(Path.of(first, "run.json")))
    assert(manifest.job == "MaskTransferJob" && manifest.count("targets") == 12)
    assert(manifest.count("described") == 12 + 6)
    assert(manifest.count("evaluated") == 6 + 12 && manifest.count("skipped") == 0)
    val summary = Files.readString(Path.of(first, "summary.json"))
    for (metric <- Seq("iou", "lt-acc", "iou-copy", "iou-box", "agreement-spearman-iou"))
      assert(summary.contains(s""""metric" : "$metric""""), metric)
  }

  test("the images to draw next are listed by gain") {
    val lines = Files.readAllLines(Path.of(first, "next.csv")).asScala
    assert(lines.head == "rank,image,category,agreement,gain,uri" && lines.size == 4)
    val gains = lines.tail.map(_.split(",")(4).toDouble)
    assert(gains == gains.sorted.reverse && gains.last > 0)
    assert(lines.tail.forall(line => ids.contains(line.split(",")(1))))
  }

  test("a shortlist leaves pairs out; fewer exemplars in memory change nothing but the work") {
    val one = out("masks-shortlist")
    val options = Seq("--dataset", s"cub:$images", "--exemplars", "3", "--targets", "all", "--set", "mask.shortlist=1")
    assert(maskJob(options ++ Seq("--out", one): _*) == 0)
    val few = out("masks-few")
    assert(maskJob(options ++ Seq("--out", few, "--set", "exemplars.held=1"): _*) == 0)
    assert(masks(one) == masks(few))
    def count(run: String, name: String): Long =
      RunManifest.parse(Files.readString(Path.of(run, "run.json"))).count(name)
    assert(count(one, "evaluated") == 12 && count(one, "skipped") == count(few, "skipped"))
    assert(count(one, "skipped") > 0)
    assert(count(few, "described") > count(one, "described"))
  }

  test("resuming computes what is not committed, the same bit for bit") {
    val run = out("masks-resumed")
    val options = Seq(
      "--dataset", s"cub:$images", "--exemplars", drawn, "--targets", "all", "--out", run,
      "--set", "plan.chunk-pairs=4", "--next", "3"
    )
    assert(maskJob(options: _*) == 0)
    assert(maskJob(options: _*) == 2, "an output in use is refused")
    val chunks = Path.of(run, "masks")
    val kept = Files.getLastModifiedTime(chunks.resolve("chunk=00000/_SUCCESS"))
    val gone = Files.list(chunks.resolve("chunk=00001")).iterator().asScala.toList
    gone.foreach(Files.delete(_))
    Files.delete(Path.of(run, "run.json"))
    assert(maskJob(options :+ "--resume": _*) == 0)
    assert(Files.getLastModifiedTime(chunks.resolve("chunk=00000/_SUCCESS")) == kept)
    assert(masks(run) == masks(first))
    assert(maskJob(options ++ Seq("--resume", "--refinement", "none"): _*) == 2)
  }

  test("a list of images with boxes; broken images cost themselves only") {
    val folder = Files.createDirectories(work.resolve("list"))
    Files.writeString(folder.resolve("broken.png"), "no image")
    val seg = images.resolve("segmentations")
    val cars = ids.filter(_.contains("car")).take(4)
    def line(id: String, split: String) =
      s"${images.resolve("images").resolve(id)},car,${seg.resolve(id.replaceAll("[.][a-z]+$", ".png"))},$split,10 10 120 95"
    Files.writeString(
      folder.resolve("images.csv"),
      (Seq("image,category,mask,split,box", line(cars(0), "train"), line(cars(1), "train"), line(cars(2), "test")) ++
        Seq(s"broken.png,car,${seg.resolve(cars(0).replaceAll("[.][a-z]+$", ".png"))},train,", "broken.png#,car,,test,", s"${images.resolve("images").resolve(cars(3))},car,,test,1 1 99 90")).mkString("\n")
    )
    Files.writeString(folder.resolve("broken.png#"), "no image either")
    val run = out("masks-list")
    val some = Seq("--use-boxes", "--refinement", "grab-cut", "--max-failed-fraction", "0.5")
    assert(maskJob(Seq("--dataset", s"images:$folder", "--out", run) ++ some: _*) == 0)
    val found = targets(run).map(row => row.getAs[String]("status")).toList.sorted
    assert(found == List("failed", "ok", "ok"))
    val ok = targets(run).find(row => !row.isNullAt(row.fieldIndex("iou"))).get
    val summary = spark.read.option("multiLine", "true").json(run + "/summary.json")
    for (category <- Seq("car", "all"); (metric, pairs, unscored) <- Seq(("iou", 1, 1), ("agreement", 2, 0))) {
      val row = summary.where(s"category = '$category' and metric = '$metric'").collect().head
      val counts = Seq("pairs", "failed", "unscored").map(row.getAs[Long](_))
      assert(counts == Seq(pairs, 1, unscored), s"$category $metric")
    }
    assert(ok.getAs[scala.collection.Seq[Int]]("frame") == Seq(0, 1, 128, 95))
    val failed = rows(run).where("role = 'exemplar' and status = 'failed'").collect()
    assert(failed.length == 1 && failed.head.getAs[String]("error_code") == "image.unknown-format")
    val (code, _) = errorOf(
      maskJob("--dataset", s"images:$folder", "--out", out("masks-strict"), "--max-failed-fraction", "0.2")
    )
    assert(code == 3)
  }

  test("real birds: masks of three cardinals from six are better than a copied mask by far") {
    val base = Path.of(sys.env.getOrElse("DENSEFLOW_SHARED", "../../shared")).toAbsolutePath.normalize
    val birds = base.resolve("data/cub-200-2011-mini")
    val weights = base.resolve("data/weights/resnet50v2-layer3.safetensors")
    assume(Files.isDirectory(birds) && Files.exists(weights), s"no shared data at $birds")
    val own = Files.readAllLines(birds.resolve("images.txt")).asScala.map(_.split(" "))
      .filter(_(1).startsWith("017.Cardinal"))
    val training = Files.readAllLines(birds.resolve("train_test_split.txt")).asScala
      .map(_.split(" ")).filter(_(1) == "1").map(_(0)).toSet
    val few = own.filterNot(line => training(line(0))).map(_(1)).take(3)
    Files.writeString(work.resolve("cardinals.txt"), few.mkString("\n"))
    val run = out("masks-cardinals")
    assert(
      execute(
        new MaskTransferCommand,
        "--dataset", s"cub:$birds", "--exemplars", "6", "--targets", work.resolve("cardinals.txt").toString,
        "--backbone", "resnet50_v2", "--weights", weights.toString, "--out", run
      ) == 0
    )
    val found = targets(run)
    assert(found.size == 3 && found.map(_.getAs[Double]("iou")).sum / 3 > 0.7)
    assert(found.map(_.getAs[Double]("copy_iou")).sum / 3 < 0.5)
  }

  test("bad usage says what is wrong and what to do") {
    def error(arguments: String*): String = {
      val (code, message) = errorOf(maskJob(arguments ++ Seq("--out", out("unused")): _*))
      assert(code == 2, message)
      message
    }
    val cub = Seq("--dataset", s"cub:$images")
    assert(error(cub ++ Seq("--exemplars", "some"): _*).contains("neither a file nor one of the values"))
    assert(error(cub ++ Seq("--refinement", "blur"): _*).contains("guided-filter"))
    assert(error(cub ++ Seq("--method", "phm"): _*).contains("use guided"))
    assert(error(cub ++ Seq("--next", "-1"): _*).contains("--next"))
    Files.writeString(work.resolve("wrong.txt"), "nowhere.png")
    assert(error(cub ++ Seq("--targets", work.resolve("wrong.txt").toString): _*).contains("nowhere.png"))
    assert(error("--dataset", s"pairs:$work/wrong.txt").contains("use cub, folder or images"))
    assert(error(cub ++ Seq("--dry-run", "--set", "mask.votes=0"): _*).contains("votes"))
  }
}
