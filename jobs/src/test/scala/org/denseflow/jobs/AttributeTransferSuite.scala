package org.denseflow.jobs

import java.awt.image.BufferedImage
import java.io.ByteArrayInputStream
import java.nio.file.{Files, Path, StandardCopyOption}
import javax.imageio.ImageIO
import org.apache.spark.sql.{DataFrame, Row}
import org.denseflow.jobs.transfer.{AttributeTransferCommand, StylisedTable}
import org.denseflow.schemas.RunManifest

/** Drawn images and a codec with random weights: what is transferred is the engine's tests' matter. */
class AttributeTransferSuite extends JobSuite {
  private lazy val codec: String = RandomCodec.write(work.resolve("codec.safetensors"))

  private def transferJob(arguments: String*): Int = execute(
    new AttributeTransferCommand,
    Seq(
      "--codec", codec, "--iterations", "1", "--set", "transfer.size=64", "--set",
      "transfer.inversion-steps=1", "--set", "transfer.rounds=1", "--set", "plan.chunk-pairs=3",
      "--set", "plan.tile-images=2"
    ) ++ arguments: _*
  )

  private def rows(run: String): DataFrame =
    spark.read.schema(StylisedTable.SCHEMA).parquet(run + "/stylised")

  private def pngs(run: String): Map[String, Seq[Byte]] =
    rows(run).collect().map((row: Row) =>
      row.getAs[String]("pair_id") -> row.getAs[Array[Byte]]("stylised_png").toSeq
    ).toMap

  private lazy val first = {
    val run = out("stylised")
    assert(transferJob("--dataset", s"cub:$images", "--limit", "6", "--out", run, "--write", "png") == 0)
    run
  }

  test("every pair has one row with an image and its scores, and a file on request") {
    val found = rows(first).collect()
    assert(found.length == 6 && found.forall(_.getAs[String]("status") == "ok"))

    for (row <- found) {
      val image = ImageIO.read(new ByteArrayInputStream(row.getAs[Array[Byte]]("stylised_png")))
      assert(image.getWidth == row.getAs[Int]("width") && image.getHeight == row.getAs[Int]("height"))
      assert(math.max(image.getWidth, image.getHeight) == 64)
      assert(!row.getAs[Double]("gram_moved").isNaN && row.getAs[Double]("seconds") > 0)
      assert(row.isNullAt(row.fieldIndex("strip_png")))
    }

    assert(files(Path.of(first, "png"), ".png").size == 6)
    val manifest = RunManifest.parse(Files.readString(Path.of(first, "run.json")))
    assert(manifest.job == "AttributeTransferJob" && manifest.count("pairs") == 6)
    assert(manifest.input("codec-digest") != "none" && manifest.input("mask") == "none")
  }

  test("pairs are appended to a finished run, which is then that of the longer list") {
    val (whole, run) = (out("appended-whole"), out("appended"))
    val options = Seq("--dataset", s"cub:$images")
    assert(transferJob(options ++ Seq("--limit", "3", "--out", run, "--write", "png"): _*) == 0)
    assert(transferJob(options ++ Seq("--limit", "5", "--out", run, "--append"): _*) == 0)
    assert(transferJob(options ++ Seq("--limit", "5", "--out", whole): _*) == 0)
    def rows(of: String) =
      spark.read.parquet(of + "/stylised").select("pair_id", "stylised_png").collect().map(row =>
        row.getString(0) -> row.getAs[Array[Byte]](1).toSeq).toMap
    assert(rows(run).size == 5 && rows(run) == rows(whole))
    val files = Files.walk(Path.of(run, "png"))
    try assert(files.filter(_.toString.endsWith(".png")).count() == 5)
    finally files.close()
  }

  test("resuming computes what is not committed, the same bit for bit") {
    val run = out("stylised-resumed")
    val options = Seq("--dataset", s"cub:$images", "--limit", "6", "--out", run)
    assert(transferJob(options: _*) == 0)
    assert(transferJob(options: _*) == 2, "an output in use is refused")
    val chunks = Path.of(run, "stylised")
    val kept = Files.getLastModifiedTime(chunks.resolve("chunk=00000/_SUCCESS"))
    files(chunks.resolve("chunk=00001"), "").foreach(Files.delete(_))
    Files.delete(Path.of(run, "run.json"))
    assert(transferJob(options :+ "--resume": _*) == 0)
    assert(Files.getLastModifiedTime(chunks.resolve("chunk=00000/_SUCCESS")) == kept)
    assert(pngs(run) == pngs(first))
    assert(transferJob(options ++ Seq("--resume", "--strength", "0.5"): _*) == 2)
  }

  test("two images leave the stylised image and a strip; a mask limits the change") {
    val car = images.resolve("images/001.car")
    val run = out("stylised-loose")
    val pair = Seq("--source", s"$car/car_1.png", "--target", s"$car/car_2.png")
    val mask = work.resolve("mask.png")
    val source = ImageIO.read(Path.of(s"$car/car_1.png").toFile)
    val drawn = new BufferedImage(source.getWidth, source.getHeight, BufferedImage.TYPE_INT_RGB)
    for (x <- 0 until drawn.getWidth / 3; y <- 0 until drawn.getHeight) drawn.setRGB(x, y, 0xffffff)
    ImageIO.write(drawn, "png", mask.toFile)
    assert(transferJob(pair ++ Seq("--mask", mask.toString, "--out", run): _*) == 0)
    val strip = ImageIO.read(files(Path.of(run, "strip"), ".strip.png").head.toFile)
    assert(strip.getWidth == 8 + 4 * 264, "source, target, stylised, warped")
    val stylised = ImageIO.read(files(Path.of(run, "png"), ".png").head.toFile)
    val unchanged = out("stylised-half")
    assert(
      transferJob(pair ++ Seq("--mask", mask.toString, "--out", unchanged, "--strength", "0"): _*) == 0
    )
    val other = ImageIO.read(files(Path.of(unchanged, "png"), ".png").head.toFile)
    val width = stylised.getWidth
    def same(columns: Range): Boolean = (for (x <- columns; y <- 0 until stylised.getHeight)
      yield stylised.getRGB(x, y) == other.getRGB(x, y)).forall(identity)
    assert(same(width / 3 + 8 until width), "outside of the mask both are the source")
    assert(!same(0 until width / 3))
  }

  test("a pair without a mask and a broken image have rows that say why") {
    val folder = Files.createDirectories(work.resolve("few/car"))
    for (name <- Seq("car_1.png", "car_2.png"))
      Files.copy(images.resolve(s"images/001.car/$name"), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING)
    Files.writeString(folder.resolve("broken.png"), "no image")
    val run = out("stylised-failed")
    assert(transferJob("--dataset", s"folder:${folder.getParent}", "--out", run, "--mask") == 3)
    val codes = rows(run).collect().map(_.getAs[String]("error_code")).groupBy(identity).map {
      case (code, all) => code -> all.length
    }
    assert(codes == Map("mask.missing" -> 2, "image.unknown-format" -> 4))
    val black = work.resolve("black.png")
    val car = images.resolve("images/001.car")
    val source = ImageIO.read(Path.of(s"$car/car_1.png").toFile)
    val nothing = new BufferedImage(source.getWidth, source.getHeight, BufferedImage.TYPE_INT_RGB)
    ImageIO.write(nothing, "png", black.toFile)
    val pair = Seq("--source", s"$car/car_1.png", "--target", s"$car/car_2.png")
    val empty = out("stylised-empty")
    assert(transferJob(pair ++ Seq("--mask", black.toString, "--out", empty): _*) == 3)
    assert(rows(empty).head().getAs[String]("error_code") == "mask.empty")
  }

  test("bad usage says what is missing and where it comes from") {
    def error(arguments: String*): String = {
      val (code, message) = errorOf(execute(new AttributeTransferCommand, arguments: _*))
      assert(code == 2, message)
      message
    }
    val pair = Seq("--source", "a.png", "--target", "b.png", "--out", out("unused"))
    assert(error(pair: _*).contains("Missing --codec"))
    assert(error(pair ++ Seq("--codec", "nowhere.safetensors"): _*).contains("no such file"))
    assert(error(pair ++ Seq("--codec", codec, "--mask"): _*).contains("--mask IMAGE"))
    assert(error(pair ++ Seq("--codec", codec, "--write", "flows"): _*).contains("png or strip"))
    assert(error(pair ++ Seq("--codec", codec, "--strength", "2"): _*).contains("strength"))
  }

  private def files(folder: Path, suffix: String): Seq[Path] = {
    val walk = Files.walk(folder)
    try {
      import scala.jdk.CollectionConverters._
      walk.iterator().asScala
        .filter(path => Files.isRegularFile(path) && path.toString.endsWith(suffix))
        .filterNot(path => suffix.nonEmpty && path.getFileName.toString.startsWith("."))
        .toList
    } finally walk.close()
  }
}
