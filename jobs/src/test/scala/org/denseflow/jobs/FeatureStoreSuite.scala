package org.denseflow.jobs

import java.nio.file.{Files, Path, StandardCopyOption}
import org.apache.spark.sql.functions.{col, concat, expr, lit, unhex, when}
import org.apache.spark.sql.{Column, Row}
import org.denseflow.image.{ImageEncoder, RgbImage}
import org.denseflow.jobs.compare.CompareCommand
import org.denseflow.jobs.describe.DescribeCommand
import org.denseflow.jobs.masks.MaskTransferCommand
import org.denseflow.jobs.projection.ProjectionCommand
import org.denseflow.jobs.transfer.AttributeTransferCommand
import org.denseflow.schemas.RunManifest
import org.denseflow.weights.HalfFloat
import scala.jdk.CollectionConverters._

class FeatureStoreSuite extends JobSuite {
  private def describeJob(arguments: String*): Int = execute(new DescribeCommand, arguments: _*)

  /** The features of all twelve images. */
  private def store(name: String, options: String*): String = {
    val run = out(name)
    assert(describeJob(Seq("--dataset", s"cub:$images", "--out", run) ++ options: _*) == 0)
    run
  }

  /** In five files and three chunks. */
  private lazy val ofHog =
    store("store-hog", "--backbone", "hog", "--set", "store.file-bytes=2000000", "--set", "store.chunk-bytes=4000000")

  private lazy val ofDefault = store("store-default", "--method", "nn")

  private def manifest(run: String): RunManifest = RunManifest.parse(Files.readString(Path.of(run, "run.json")))

  private def same(a: String, b: String): Unit = assert(execute(new CompareCommand, "--run", a, "--with", b) == 0)

  private def told(report: String, line: String): Unit = assert(report.contains(line), report)

  private val half = Seq("--set", "features.precision=half")

  private def rows(run: String): Seq[Row] = spark.read.parquet(run + "/features").orderBy("image").collect().toSeq

  test("flows of stored features are the same bits, and no image is described") {
    for ((method, backbone, from) <- Seq(("nn", "hog", ofHog), ("nn", "denseflow_s", ofDefault), ("guided", "denseflow_s", ofDefault))) {
      val Seq(plain, stored) = Seq("plain", "stored").map(kind => out(s"$kind-$method-$backbone"))
      val arguments = Seq("--dataset", s"cub:$images", "--method", method, "--backbone", backbone)
      assert(flowJob(arguments ++ half ++ Seq("--out", plain): _*) == 0)
      val (code, report) = errorOf(flowJob(arguments ++ Seq("--features", from, "--out", stored): _*))
      assert(code == 0, report)
      assert(!report.contains("; described"), report)
      told(report, "features: 12 images read from")
      told(report, "has those of 12 images")
      same(plain, stored)
      assert(manifest(plain).fingerprint == manifest(stored).fingerprint)
      assert(manifest(stored).input("features").endsWith(from) && manifest(plain).input("features") == "none")
      assert(manifest(stored).input("features-fingerprint") == manifest(from).fingerprint)
    }
  }

  test("targets that are mirrored have features of both, which are other features") {
    val mirrored = Seq("--set", "guided.mirror=auto")
    val from = store("store-mirrored", mirrored: _*)
    val arguments = Seq("--dataset", s"cub:$images") ++ mirrored
    assert(flowJob(arguments ++ half ++ Seq("--out", out("plain-mirrored")): _*) == 0)
    assert(flowJob(arguments ++ Seq("--features", from, "--out", out("stored-mirrored")): _*) == 0)
    same(out("plain-mirrored"), out("stored-mirrored"))
    told(refusal("--features", from), "with mirrored true, here it is false")
  }

  test("masks of stored features are the same, and of boxes they are refused") {
    val arguments = Seq("--dataset", s"cub:$images", "--exemplars", "2", "--set", "mask.side=96")
    def masks(options: String*): Int = execute(new MaskTransferCommand, arguments ++ options: _*)
    assert(masks(half ++ Seq("--out", out("plain-masks")): _*) == 0)
    val (code, report) = errorOf(masks("--features", ofDefault, "--out", out("stored-masks")))
    assert(code == 0, report)
    told(report, s"read from file:$ofDefault, 0 stale and described anew")
    same(out("plain-masks"), out("stored-masks"))
    assert(manifest(out("stored-masks")).count("described") == 0)
    assert(manifest(out("plain-masks")).count("described") > 0)
    val (usage, message) = errorOf(masks("--features", ofDefault, "--use-boxes", "--out", out("boxes")))
    assert(usage == 2)
    told(message, "Invalid --features: with --use-boxes")
  }

  test("attributes by stored features are the same; later iterations describe what they have made") {
    val codec = RandomCodec.write(work.resolve("codec.safetensors"))
    val arguments = Seq(
      "--dataset", s"cub:$images", "--limit", "3", "--method", "nn", "--codec", codec, "--iterations", "2", "--set",
      "transfer.size=64", "--set", "transfer.inversion-steps=1", "--set", "transfer.rounds=1"
    )
    def transfer(options: String*): Int = execute(new AttributeTransferCommand, arguments ++ options: _*)
    assert(transfer(half ++ Seq("--out", out("plain-attributes")): _*) == 0)
    val (code, report) = errorOf(transfer("--features", ofDefault, "--out", out("stored-attributes")))
    assert(code == 0, report)
    assert(!report.contains("; described"), report)
    same(out("plain-attributes"), out("stored-attributes"))
  }

  /** A copy of the images by themselves, with a list of all pairs of them. */
  private def copied(name: String): (Path, String) = {
    val folder = Files.createDirectories(work.resolve(name))
    val found = Files.walk(images.resolve("images")).iterator().asScala.filter(_.toString.endsWith(".png")).toSeq.sorted
    val names = found.take(5).zipWithIndex.map { case (file, i) => Files.copy(file, folder.resolve(s"$i.png")).getFileName }
    val pairs = for (a <- names; b <- names if a != b) yield s"$a,$b"
    Files.writeString(folder.resolve("pairs.csv"), (("source,target" +: pairs).mkString("\n")))
    (folder, s"pairs:$folder/pairs.csv")
  }

  test("what a store lacks, or has of another file, is described") {
    val (folder, pairs) = copied("changed")
    val from = out("store-changed")
    assert(describeJob("--images", folder.toString, "--limit", "4", "--backbone", "hog", "--out", from) == 0)
    val drawn = new RgbImage(90, 70, Array.tabulate(3 * 90 * 70)(i => (i * 7 % 251).toByte))
    Files.write(folder.resolve("1.png"), ImageEncoder.png(drawn))
    val arguments = Seq("--dataset", pairs, "--method", "nn", "--backbone", "hog")
    assert(flowJob(arguments ++ half ++ Seq("--out", out("plain-changed")): _*) == 0)
    val (code, report) = errorOf(flowJob(arguments ++ Seq("--features", from, "--out", out("stored-changed")): _*))
    assert(code == 0, report)
    told(report, "described 2 images")
    told(report, s"features: 3 images read from file:$from, 1 stale and described anew")
    same(out("plain-changed"), out("stored-changed"))
  }

  private def refusal(options: String*): String = {
    val (code, message) = errorOf(flowJob(Seq("--dataset", s"cub:$images", "--out", out("refused")) ++ options: _*))
    assert(code == 2, message)
    assert(!Files.exists(Path.of(out("refused"), "flows")), "nothing was computed")
    message
  }

  test("features that were made in another way are refused before anything is computed") {
    told(refusal("--features", ofHog), "with backbone hog, here it is denseflow_s")
    told(refusal("--features", ofDefault, "--set", "image.width=256"), "working-size 320x320 EXACT, here it is 256x320 EXACT")
    told(refusal("--features", ofDefault, "--set", "input.orientation=upright"), "with orientation STORED, here it is UPRIGHT")
    told(refusal("--features", ofDefault, "--set", "limits.image-side=4096"), "imageSide=4096")
    val projection = out("projection")
    assert(execute(new ProjectionCommand, "--images", s"$images/images", "--components", "16", "--out", projection) == 0)
    val projected = Seq("--projection", s"$projection/projection.safetensors")
    told(refusal(Seq("--features", ofDefault) ++ projected: _*), "with weights ")
    told(refusal("--features", ofDefault, "--set", "features.precision=single"), "contradicts --features")
    told(refusal("--features", ofDefault, "--method", "nam"), "Method nam cannot match stored features")
    told(refusal("--features", out("nowhere")), "it has no run.json; finish DescribeJob there first")
    told(refusal("--features", projection), "ProjectionJob wrote it; give the output of DescribeJob")
    val (code, message) = errorOf(describeJob("--dataset", s"cub:$images", "--method", "phm", "--out", out("regions")))
    assert(code == 2)
    told(message, "Method phm cannot match stored features")
  }

  /** A copy of a store with one of its columns written anew. */
  private def damaged(name: String, column: String, value: Column): String = {
    val copy = copyOf(ofHog, name)
    for (file <- parts(copy)) {
      val to = out(s"$name-part")
      spark.read.parquet(file.toString).withColumn(column, value).coalesce(1).write.mode("overwrite")
        .option("parquet.page.row.count.limit", "1").parquet(to)
      val written = Files.list(Path.of(to)).iterator().asScala.find(_.toString.endsWith(".parquet")).get
      replace(file, Files.readAllBytes(written))
    }
    copy
  }

  private def copyOf(run: String, name: String): String = {
    val to = work.resolve(name)
    for (file <- Files.walk(Path.of(run)).iterator().asScala)
      Files.copy(file, to.resolve(Path.of(run).relativize(file).toString), StandardCopyOption.REPLACE_EXISTING)
    to.toString
  }

  private def parts(run: String): Seq[Path] =
    Files.walk(Path.of(run, "features")).iterator().asScala.filter(_.toString.endsWith(".parquet")).toSeq.sorted

  private def replace(file: Path, bytes: Array[Byte]): Unit = {
    Files.deleteIfExists(file.resolveSibling(s".${file.getFileName}.crc"))
    Files.write(file, bytes)
  }

  test("damaged features are refused by name") {
    def refused(from: String): String = {
      val hog = Seq("--dataset", s"cub:$images", "--method", "nn", "--backbone", "hog", "--features", from)
      val (code, message) = errorOf(flowJob(hog ++ Seq("--out", from + "-flows"): _*))
      assert(code == 2, message)
      message
    }
    val infinite = concat(expr("substring(features, 1, 20)"), unhex(lit("007e")), expr("substring(features, 23)"))
    told(refused(damaged("infinite", "features", infinite)), "number 10 is not finite")
    told(refused(damaged("short", "features", expr("substring(features, 3)"))), "bytes for a grid of ")
    told(refused(damaged("wide", "grid_width", when(col("grid_width") > 0, lit(Int.MaxValue)))), "the file is damaged")
    told(refused(damaged("negative", "grid_width", lit(-1))), "sides must be positive")
    told(refused(damaged("newer", "format", lit(2))), "format 2, expected 1")
    val flipped = copyOf(ofHog, "flipped")
    for (file <- parts(flipped)) {
      val bytes = Files.readAllBytes(file)
      bytes(bytes.length / 2) = (bytes(bytes.length / 2) ^ 64).toByte
      replace(file, bytes)
    }
    told(refused(flipped), "the file is damaged")
  }

  test("a store that was cut off is refused, and resumed with the same rows") {
    val cut = copyOf(ofHog, "cut")
    val chunks = manifest(ofHog).chunks
    assert(chunks > 2)
    Files.delete(Path.of(cut, "run.json"))
    Files.delete(Path.of(cut, "features", "chunk=00001", "_SUCCESS"))
    told(refusal("--backbone", "hog", "--features", cut), "finish DescribeJob there first, with --resume")
    val (code, report) =
      errorOf(describeJob("--dataset", s"cub:$images", "--method", "nn", "--backbone", "hog", "--out", cut, "--resume"))
    assert(code == 0, report)
    told(report, s"resumed: ${chunks - 1} of $chunks chunks committed")
    same(ofHog, cut)
    assert(flowJob("--dataset", s"cub:$images", "--method", "nn", "--backbone", "hog", "--features", cut, "--out", out("of-cut")) == 0)
    same(out("of-cut"), out("stored-nn-hog"))
    val (other, message) = errorOf(describeJob("--dataset", s"cub:$images", "--out", cut, "--resume"))
    assert(other == 2)
    told(message, "begun with another dataset, configuration or weights")
  }

  test("an image that cannot be read has a row that says why, and fails its pairs as without a store") {
    val (folder, pairs) = copied("unreadable")
    Files.writeString(folder.resolve("3.png"), "not an image")
    val from = out("store-unreadable")
    val arguments = Seq("--images", folder.toString, "--backbone", "hog", "--max-failed-fraction", "0.5", "--out", from)
    assert(describeJob(arguments: _*) == 0)
    val bad = rows(from).filter(_.getAs[String]("status") == "failed")
    assert(bad.map(_.getAs[String]("image")) == Seq(folder.resolve("3.png").toString))
    assert(bad.head.getAs[String]("error_code") == "image.unknown-format" && bad.head.isNullAt(bad.head.fieldIndex("features")))
    val flow = Seq("--dataset", pairs, "--method", "nn", "--backbone", "hog", "--max-failed-fraction", "1")
    assert(flowJob(flow ++ half ++ Seq("--out", out("plain-unreadable")): _*) == 0)
    assert(flowJob(flow ++ Seq("--features", from, "--out", out("stored-unreadable")): _*) == 0)
    same(out("plain-unreadable"), out("stored-unreadable"))
    Files.copy(folder.resolve("0.png"), folder.resolve("3.png"), StandardCopyOption.REPLACE_EXISTING)
    assert(describeJob(arguments :+ "--retry-failed": _*) == 0)
    assert(rows(from).forall(_.getAs[String]("status") == "ok") && manifest(from).count("failed") == 0)
  }

  test("the images of a Parquet list of pairs are described once each; a row has what its image is") {
    val (folder, _) = copied("listed")
    val list = work.resolve("listed-pairs.parquet").toString
    val session = spark
    import session.implicits._
    (for (a <- 0 until 4; b <- 1 until 5) yield (s"$folder/$a.png", s"$folder/$b.png")).toDF("source", "target").write.parquet(list)
    val from = out("store-listed")
    assert(describeJob("--dataset", s"pairs:$list", "--backbone", "hog", "--dry-run", "--out", from) == 0)
    assert(!Files.exists(Path.of(from)))
    assert(describeJob("--dataset", s"pairs:$list", "--backbone", "hog", "--out", from) == 0)
    val found = rows(from)
    assert(found.map(_.getAs[String]("image")) == (0 until 5).map(i => s"$folder/$i.png"))
    for (row <- found) {
      val bytes = Files.readAllBytes(Path.of(row.getAs[String]("image")))
      val digest = java.util.HexFormat.of.formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes))
      assert(row.getAs[Long]("file_bytes") == bytes.length && row.getAs[String]("file_digest") == "sha256:" + digest)
      val image = javax.imageio.ImageIO.read(Path.of(row.getAs[String]("image")).toFile)
      assert(row.getAs[Int]("width") == image.getWidth && row.getAs[Int]("height") == image.getHeight)
      val channels = row.getAs[scala.collection.Seq[Row]]("maps").map(_.getAs[Int]("channels")).sum
      val cells = row.getAs[Int]("grid_width") * row.getAs[Int]("grid_height")
      assert(row.getAs[Array[Byte]]("features").length == 2 * cells * channels)
    }
    assert(describeJob("--out", out("neither")) == 2)
  }

  /** The mean of an image's cells as a table has them, by plain loops. */
  private def pooled(row: Row): Array[Double] = {
    val numbers = java.nio.ByteBuffer.wrap(row.getAs[Array[Byte]]("features")).order(java.nio.ByteOrder.LITTLE_ENDIAN).asShortBuffer
    val cells = row.getAs[Int]("grid_width") * row.getAs[Int]("grid_height")
    val channels = numbers.remaining / cells
    val mean = Array.tabulate(channels)(c => (0 until cells).map(i => HalfFloat.value(numbers.get(i * channels + c)).toDouble).sum)
    val length = math.sqrt(mean.map(v => v * v).sum)
    mean.map(_ / length)
  }

  test("images are paired with those that look most like them, of a store or not, and a resumed run reads the list") {
    val (folder, _) = copied("alike")
    Files.copy(folder.resolve("4.png"), folder.resolve("5.png"))
    Files.writeString(folder.resolve("bad.png"), "not an image")
    val list = Files.writeString(folder.resolve("list.csv"), ("image" +: (0 until 6).map(i => s"$i.png") :+ "bad.png").mkString("\n"))
    val from = out("store-alike")
    val allowed = Seq("--max-failed-fraction", "0.5", "--backbone", "hog")
    assert(describeJob(Seq("--dataset", s"images:$list?neighbours=2", "--out", from) ++ allowed: _*) == 0)
    val vectors = rows(from).filter(_.getAs[String]("status") == "ok").map(row => row.getAs[String]("image") -> pooled(row))
    val expected = for {
      (image, vector) <- vectors
      others = vectors.filter(_._1 != image).map { case (other, its) => other -> vector.zip(its).map { case (a, b) => a * b }.sum }
      (other, _) <- others.sortBy { case (other, cosine) => (-math.round(cosine * 1e6), other) }.take(2)
    } yield (image, other)
    val arguments = Seq("--dataset", s"images:$list?neighbours=2", "--method", "nn") ++ allowed
    for ((name, options) <- Seq("alike-plain" -> half, "alike-stored" -> Seq("--features", from))) {
      assert(flowJob(arguments ++ options ++ Seq("--out", out(name)): _*) == 0)
      val found = flows(out(name)).select("source", "target").collect().map(row => (row.getString(0), row.getString(1)))
      assert(found.toSet == expected.toSet && found.length == 12)
    }
    same(out("alike-plain"), out("alike-stored"))
    Files.delete(Path.of(out("alike-stored"), "run.json"))
    Files.delete(Path.of(out("alike-stored"), "flows", "chunk=00000", "_SUCCESS"))
    val (code, report) = errorOf(flowJob(arguments ++ Seq("--features", from, "--resume", "--out", out("alike-stored")): _*))
    assert(code == 0 && !report.contains("neighbours:"), report)
    same(out("alike-plain"), out("alike-stored"))
    val (other, message) =
      errorOf(flowJob("--dataset", s"images:$list?neighbours=3", "--method", "nn", "--backbone", "hog", "--features", from, "--resume", "--out", out("alike-stored")))
    assert(other == 2)
    told(message, "begun with another dataset")
    assert(flowJob("--dataset", s"images:$list?neighbours=0", "--out", out("none")) == 2)
    assert(execute(new AttributeTransferCommand, "--codec", "none", "--dataset", s"images:$list?neighbours=2", "--out", out("none")) == 2)
  }
}
