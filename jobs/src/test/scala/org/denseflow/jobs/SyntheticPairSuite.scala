package org.denseflow.jobs

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.file.{Files, Path}
import java.nio.file.attribute.FileTime
import java.security.MessageDigest
import java.util.HexFormat
import java.util.concurrent.TimeUnit
import javax.imageio.ImageIO
import scala.jdk.CollectionConverters._
import org.apache.spark.sql.Row
import org.denseflow.flow.FlowField
import org.denseflow.image.{Mask, MaskRule, Orientation}
import org.denseflow.jobs.run.{LimitSettings, Reading}
import org.denseflow.jobs.synthesis.{SyntheticPairCommand, SyntheticPairs}
import org.denseflow.schemas.RunManifest
import org.denseflow.synthesis.{GroundTruth, SyntheticPair}

/** SyntheticPairJob on drawn images: what it writes, that it depends on nothing else, and what it refuses. */
class SyntheticPairSuite extends JobSuite {
  private val reading =
    new Reading(new LimitSettings(1L << 20, 1L << 20, 1 << 12), Orientation.UPRIGHT, MaskRule.AUTO)

  private lazy val recipes = run("recipes", "--preset", "cnngeometric")
  private lazy val pixels =
    run("pixels", "--preset", "cnngeometric", "--materialise", "pixels", "--set", "encoding.format=png")

  test("a recipe's views are bit-identical to the stored ones, and both runs draw the same") {
    val fromRecipes = pairs(recipes)
    val fromPixels = pairs(pixels)
    assert(fromRecipes.length == 12 * 5)
    assert(fromRecipes.map(arrayDigest) == fromPixels.map(arrayDigest))
    assert(fromRecipes.map(_.recipe) == fromPixels.map(_.recipe))
    assert(fromRecipes.forall(_.sourceMask != null))
  }

  test("rows are the same for any number of files, and are sorted by their keys within each") {
    val digests = Seq(1, 3, 7).map { files =>
      val folder = run(s"files-$files", "--set", s"output.files=$files", "--set", "output.chunk-files=2")
      assert(parquet(folder).length == files)
      parquet(folder).foreach { file =>
        val keys = spark.read.parquet(file.toString).collect().map(_.getAs[Long]("shuffle_key"))
        assert(keys.sameElements(keys.sorted))
      }
      digest(folder)
    }
    assert((digests :+ digest(recipes)).distinct.length == 1)
    assert(digest(run("other-seed", "--seed", "8")) != digests.head)
  }

  test("a pair of a subset is the pair of the whole") {
    val some = run("subset", "--limit", "3", "--pairs-per-image", "2")
    val all = table(recipes).map(row => row.getAs[String]("pair_id") -> row).toMap
    assert(table(some).length == 6)
    table(some).foreach(row => assert(row == all(row.getAs[String]("pair_id"))))
  }

  test("each preset makes pairs, with its own views") {
    Seq("weakalign", "sfnet", "rtn").foreach { preset =>
      val folder = run(s"preset-$preset", "--preset", preset, "--limit", "2")
      assert(table(folder).forall(_.getAs[String]("status") == "ok"), preset)
      assert(pairs(folder).length == 10)
    }
  }

  test("dense fields hold the recipe's flow both ways") {
    val folder = run("fields", "--limit", "2", "--write", "fields", "--set", "view.width=64", "--set", "view.height=48")
    val fields = spark.read.parquet(folder + "/fields").collect().map(row => row.getAs[String]("pair_id") -> row).toMap
    assert(fields.size == 10)
    pairs(folder).zip(table(folder)).foreach { case (pair, row) =>
      val field = fields(row.getAs[String]("pair_id"))
      assertField(field, "source_to_target", "source_valid", GroundTruth.flow(pair.recipe, 64, 48))
      assertField(field, "target_to_source", "target_valid", GroundTruth.flow(pair.recipe.reversed, 64, 48))
    }
  }

  test("bad images and masks cost their own rows, each with a code") {
    val folder = Files.createDirectories(work.resolve("bad-images"))
    val masks = Files.createDirectories(work.resolve("bad-masks"))
    val good = picture(96, 80)
    val whole = mask(96, 80, 5)
    val images = Seq(
      ("good.png", good, whole, ""),
      ("empty.png", Array.emptyByteArray, whole, "image.empty"),
      ("half.png", good.take(good.length / 2), whole, "image.truncated"),
      ("text.jpg", "no image".getBytes, whole, "image.unknown-format"),
      ("no-mask.png", good, null, "mask.missing"),
      ("small-mask.png", good, mask(40, 40, 5), "mask.size"),
      ("half-mask.png", good, whole.take(100), "mask.truncated"),
      ("black-mask.png", good, mask(96, 80, 40), "mask.empty"),
      ("full-mask.png", good, mask(96, 80, 0), "mask.full"),
      ("speck-mask.png", good, mask(96, 80, 39), "pair.little-foreground")
    )
    images.foreach { case (name, image, mask, _) =>
      Files.write(folder.resolve(name), image)
      if (mask != null) Files.write(masks.resolve(name.replace(".jpg", ".png")), mask)
    }
    val arguments = Seq("--images", folder.toString, "--masks", masks.toString, "--pairs-per-image", "3", "--out")
    val out = work.resolve("bad-run").toString
    val (early, missing) = errorOf(job(arguments ++ Seq(out, "--materialise", "pixels"): _*))
    assert(early == 2 && missing.contains("no-mask.png"), missing)
    assert(job(arguments ++ Seq(out, "--materialise", "pixels", "--max-failed-fraction", "0.95"): _*) == 0)
    val codes = table(out).groupBy(_.getAs[String]("image_id"))
    images.foreach { case (name, _, _, code) =>
      assert(codes(name).length == 3)
      codes(name).foreach { row =>
        assert(Option(row.getAs[String]("error_code")).getOrElse("") == code, name)
        assert(code.isEmpty == (row.getAs[String]("error_detail") == null), name)
      }
    }
    assert(pairs(out).length == 3)
    val manifest = RunManifest.parse(Files.readString(Path.of(out, "run.json")))
    assert(manifest.count("pairs") == 30 && manifest.count("failed") == 27)
    assert(job(arguments ++ Seq(out, "--materialise", "pixels", "--resume", "--max-failed-fraction", "0.5"): _*) == 3)
    val before = table(out).map(row => row.getAs[String]("pair_id") -> row.getAs[Array[Byte]]("row_digest").toSeq).toMap
    Files.write(folder.resolve("half.png"), good)
    Files.write(masks.resolve("black-mask.png"), whole)
    val again = Seq(out, "--materialise", "pixels", "--retry-failed", "--max-failed-fraction", "0.95")
    assert(job(arguments ++ again: _*) == 0)
    val after = table(out)
    val mended = Set("good.png", "half.png", "black-mask.png")
    assert(after.filter(_.getAs[String]("status") == "ok").map(_.getAs[String]("image_id")).toSet == mended)
    after.filter(_.getAs[String]("image_id") == "good.png").foreach { row =>
      assert(row.getAs[Array[Byte]]("row_digest").toSeq == before(row.getAs[String]("pair_id")))
    }
    val updated = RunManifest.parse(Files.readString(Path.of(out, "run.json")))
    assert(updated.count("pairs") == 30 && updated.count("failed") == 21)
  }

  test("resuming writes only the files that are not committed") {
    val folder = run("resumed", "--set", "output.files=4", "--set", "output.chunk-files=1")
    val kept = modified(folder, 0)
    val before = digest(folder)
    deleteFolder(Path.of(folder, "pairs", "chunk=00002"))
    Files.delete(Path.of(folder, "run.json"))
    assert(resume("resumed", "--set", "output.files=4", "--set", "output.chunk-files=1") == 0)
    assert(modified(folder, 0) == kept)
    assert(digest(folder) == before)
    assert(resume("resumed", "--set", "output.files=5") == 2, "another configuration cannot resume it")
  }

  test("a full disk ends the job with a message; the output can be resumed") {
    val hadoop = spark.sparkContext.hadoopConfiguration
    hadoop.set("fs.fulldisk.impl", classOf[FullDisk].getName)
    val folder = "fulldisk://" + work.resolve("full")
    val arguments = Seq("--materialise", "pixels", "--set", "output.files=4", "--set", "output.chunk-files=1")
    def start(more: String*) = job(command(folder, arguments) ++ more: _*)
    FullDisk.free.set(400000)
    val (code, message) = try errorOf(start()) finally FullDisk.free.set(Long.MaxValue)
    assert(code == 4)
    assert(message.contains("No space left on device") && message.contains("--resume"), message)
    val committed = chunks(work.resolve("full"))
    assert(committed > 0 && committed < 4, "some chunks were committed, and not all")
    assert(start("--resume") == 0)
    assert(digest(work.resolve("full").toString) == digest(run("not-full", arguments: _*)))
  }

  test("bad usage is refused with the name of what is wrong") {
    val cases = Seq(
      Seq("--pairs-per-image", "0") -> "--pairs-per-image",
      Seq("--materialise", "both") -> "--materialise",
      Seq("--preset", "none") -> "none",
      Seq("--set", "affine.rotatoin=1") -> "rotatoin",
      Seq("--set", "view.width=321") -> "321",
      Seq("--masks", work.resolve("absent").toString) -> "absent",
      Seq("--write", "everything") -> "everything"
    )
    cases.foreach { case (arguments, named) =>
      val target = work.resolve("refused")
      val (code, message) =
        errorOf(job(Seq("--images", s"$images/images", "--out", target.toString) ++ arguments: _*))
      assert(code == 2, arguments)
      assert(message.contains(named), message)
      assert(!Files.exists(target.resolve("run.json")))
    }
  }

  test("the reader in Python makes the same arrays, by digest") {
    assume(hasPython, "python3 with numpy is absent")
    Seq(
      recipes,
      pixels,
      run("python-sfnet", "--preset", "sfnet", "--limit", "2"),
      run("python-rtn", "--preset", "rtn", "--limit", "2", "--set", "image.width=100", "--set", "image.height=90")
    ).foreach { folder =>
      val json = folder + "-json"
      spark.read.parquet(folder + "/pairs").drop("chunk").coalesce(1).write.json(json)
      val expected = table(folder).filter(_.getAs[String]("status") == "ok").zip(pairs(folder)).map {
        case (row, pair) => row.getAs[String]("pair_id") + " " + arrayDigest(pair)
      }
      val lines = python("notebooks/synthetic_pairs.py", json)
      assert(lines.sorted == (expected :+ s"table ${digest(folder)}").sorted)
    }
  }

  private lazy val inputs =
    Seq("--images", s"$images/images", "--masks", s"$images/segmentations", "--pairs-per-image", "5", "--seed", "7")

  private def job(arguments: String*): Int = execute(new SyntheticPairCommand, arguments: _*)

  private def run(name: String, arguments: String*): String = {
    val folder = out(name)
    if (!Files.exists(Path.of(folder, "run.json"))) assert(job(command(folder, arguments): _*) == 0)
    folder
  }

  private def resume(name: String, arguments: String*): Int = job(command(out(name), arguments) :+ "--resume": _*)

  /** Later options win: a test may give its own seed or number of pairs. */
  private def command(folder: String, arguments: Seq[String]): Seq[String] = {
    val own = inputs.grouped(2).filterNot(option => arguments.contains(option.head)).flatten.toSeq
    val small =
      if (arguments.exists(_.startsWith("view."))) Nil else Seq("--set", "view.width=160", "--set", "view.height=120")
    own ++ Seq("--out", folder) ++ small ++ arguments
  }

  private def table(folder: String): Seq[Row] =
    SyntheticPairs.table(spark, "file:" + folder).orderBy("shuffle_key", "pair_id").collect().toSeq

  private def pairs(folder: String): Seq[SyntheticPair] =
    new SyntheticPairs(table(folder).iterator.asJava, spark.sparkContext.hadoopConfiguration, reading).asScala.toSeq

  private def digest(folder: String): String =
    RunManifest.parse(Files.readString(Path.of(folder, "run.json"))).input("digest")

  private def arrayDigest(pair: SyntheticPair): String = {
    val digest = MessageDigest.getInstance("SHA-256")
    Seq(pair.source, pair.target).foreach(view => digest.update(view.pixels))
    Seq(pair.sourceMask, pair.targetMask).filter(_ != null).foreach((mask: Mask) =>
      digest.update(mask.inside.map(inside => (if (inside) 1 else 0).toByte))
    )
    HexFormat.of.formatHex(digest.digest())
  }

  private def assertField(row: Row, flow: String, valid: String, expected: FlowField): Unit = {
    val bytes = ByteBuffer.wrap(row.getAs[Array[Byte]](flow)).order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer()
    assert(expected.displacement.forall(_ == bytes.get()))
    assert(row.getAs[Array[Byte]](valid).map(_ != 0).sameElements(expected.valid))
  }

  private def picture(width: Int, height: Int): Array[Byte] = drawn(width, height)((x, y) => 0xff8040 + x + y)

  /** White but for a border. */
  private def mask(width: Int, height: Int, border: Int): Array[Byte] = drawn(width, height) { (x, y) =>
    if (Seq(x, y, width - 1 - x, height - 1 - y).min >= border) 0xffffff else 0
  }

  private def drawn(width: Int, height: Int)(colour: (Int, Int) => Int): Array[Byte] = {
    val image = new java.awt.image.BufferedImage(width, height, java.awt.image.BufferedImage.TYPE_INT_RGB)
    for (y <- 0 until height; x <- 0 until width) image.setRGB(x, y, colour(x, y))
    val bytes = new ByteArrayOutputStream
    ImageIO.write(image, "png", bytes)
    bytes.toByteArray
  }

  private lazy val root: Path =
    Iterator.iterate(Path.of("").toAbsolutePath)(_.getParent).find(p => Files.exists(p.resolve("notebooks"))).get

  private lazy val hasPython: Boolean =
    try new ProcessBuilder("python3", "-c", "import numpy").start().waitFor() == 0
    catch { case _: java.io.IOException => false }

  private def python(script: String, argument: String): Seq[String] = {
    val process = new ProcessBuilder("python3", root.resolve(script).toString, argument).redirectErrorStream(true).start()
    val text = new String(process.getInputStream.readAllBytes())
    assert(process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0, text)
    text.linesIterator.toSeq
  }

  private def chunks(folder: Path): Long = count(folder.resolve("pairs"), "_SUCCESS")

  private def count(folder: Path, suffix: String): Long = files(folder).count(_.toString.endsWith(suffix))

  private def parquet(folder: String): Seq[Path] =
    files(Path.of(folder, "pairs")).filter(_.toString.endsWith(".parquet"))

  private def files(folder: Path): Seq[Path] = {
    val stream = Files.walk(folder)
    try stream.iterator.asScala.toList finally stream.close()
  }

  private def modified(folder: String, chunk: Int): FileTime =
    Files.getLastModifiedTime(Path.of(folder, "pairs", f"chunk=$chunk%05d", "_SUCCESS"))

  private def deleteFolder(folder: Path): Unit = files(folder).reverse.foreach(Files.delete(_))
}
