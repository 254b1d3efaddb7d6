package org.denseflow.jobs

import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.file.{Files, Path}
import java.util.zip.CRC32
import javax.imageio.ImageIO
import org.denseflow.image.Orientation
import org.denseflow.jobs.masks.{MaskTable, MaskTransferCommand}
import org.denseflow.jobs.run.Reading
import org.denseflow.schemas.RunManifest

/** Photographs that are stored turned, with an EXIF tag that says so, and masks of every make. */
class OrientationSuite extends JobSuite {
  private lazy val car: Path = images.resolve("images/001.car")

  /** An image stored a quarter turn to the left, with the tag that turns it back. */
  private def turned(image: BufferedImage): Array[Byte] = {
    val stored = new BufferedImage(image.getHeight, image.getWidth, BufferedImage.TYPE_INT_RGB)
    for (y <- 0 until image.getHeight; x <- 0 until image.getWidth)
      stored.setRGB(y, image.getWidth - 1 - x, image.getRGB(x, y))
    val bytes = new ByteArrayOutputStream
    ImageIO.write(stored, "png", bytes)
    tagged(bytes.toByteArray, 6)
  }

  /** A PNG with an eXIf chunk behind its header. */
  private def tagged(png: Array[Byte], orientation: Int): Array[Byte] = {
    val chunk = ByteBuffer.allocate(4 + 26)
    chunk.put("eXIf".getBytes).putInt(0x4d4d002a).putInt(8).putShort(1).putInt(0x01120003).putInt(1)
    chunk.putShort(orientation.toShort)
    val sum = new CRC32
    sum.update(chunk.array)
    ByteBuffer.allocate(png.length + 38).put(png, 0, 33).putInt(26).put(chunk.array)
      .putInt(sum.getValue.toInt).put(png, 33, png.length - 33).array
  }

  private def masks(folder: Path, name: String, arguments: String*) = {
    val run = out(name)
    val (code, log) = errorOf(
      execute(
        new MaskTransferCommand,
        Seq("--dataset", s"images:$folder", "--out", run, "--set", "image.width=160", "--set", "image.height=160",
          "--set", "mask.side=96") ++ arguments: _*
      )
    )
    (code, log, spark.read.schema(MaskTable.SCHEMA).parquet(run + "/masks").orderBy("role", "image_id").collect().toSeq)
  }

  /** Two exemplars and a target as a list; each file is made by a function of the drawn one. */
  private def list(name: String, image: BufferedImage => Array[Byte], mask: BufferedImage => Array[Byte]): Path = {
    val folder = Files.createDirectories(work.resolve(name))
    val lines = (1 to 3).map { i =>
      Files.write(folder.resolve(s"$i.png"), image(ImageIO.read(car.resolve(s"car_$i.png").toFile)))
      val drawn = ImageIO.read(images.resolve(s"segmentations/001.car/car_$i.png").toFile)
      Files.write(folder.resolve(s"${i}_m.png"), mask(drawn))
      s"$i.png,car,${i}_m.png,${if (i < 3) "train" else "test"}"
    }
    Files.writeString(folder.resolve("images.csv"), (("image,category,mask,split") +: lines).mkString("\n"))
    folder
  }

  private def plain(image: BufferedImage): Array[Byte] = {
    val bytes = new ByteArrayOutputStream
    ImageIO.write(image, "png", bytes)
    bytes.toByteArray
  }

  /** A grey mask with two levels. */
  private def levels(outside: Int, inside: Int)(drawn: BufferedImage): Array[Byte] = {
    val grey = new BufferedImage(drawn.getWidth, drawn.getHeight, BufferedImage.TYPE_BYTE_GRAY)
    for (y <- 0 until drawn.getHeight; x <- 0 until drawn.getWidth)
      grey.getRaster.setSample(x, y, 0, if ((drawn.getRGB(x, y) & 0xff) > 127) inside else outside)
    plain(grey)
  }

  private lazy val upright = masks(list("upright", plain, plain), "upright-run")

  test("turned photographs with upright masks, or turned ones, give what upright photographs give") {
    assert(upright._1 == 0 && !upright._2.contains("EXIF"), upright._2)
    val wanted = upright._3.map(row => (row.getAs[String]("rle"), row.get(row.fieldIndex("iou"))))

    for ((name, mask) <- Seq[(String, BufferedImage => Array[Byte])]("photos" -> plain, "both" -> turned)) {
      val (code, log, rows) = masks(list(s"turned-$name", turned, mask), s"turned-$name-run")
      assert(code == 0 && rows.map(row => (row.getAs[String]("rle"), row.get(row.fieldIndex("iou")))) == wanted)
      assert(rows.forall(_.getAs[Int]("orientation") == 6))
      assert(log.contains("3 images have an EXIF orientation tag: turned upright"), log)
    }
    val (code, _, rows) =
      masks(work.resolve("turned-photos"), "turned-stored", "--set", "input.orientation=stored", "--max-failed-fraction", "0")
    assert(code == 3 && rows.forall(_.getAs[String]("error_code") != null))
    assert(rows.exists(row => row.getAs[String]("error_detail").contains("128")), "the sizes differ")
  }

  test("masks of 0 and 1 are masks; empty, full and ambiguous ones fail by name") {
    val wanted = upright._3.map(_.getAs[String]("rle"))
    assert(masks(list("ones", plain, levels(0, 1)), "ones-run")._3.map(_.getAs[String]("rle")) == wanted)
    for ((code, low, high) <- Seq(("mask.empty", 0, 90), ("mask.full", 200, 255))) {
      val (result, _, rows) = masks(list(code, plain, levels(low, high)), s"$code-run", "--max-failed-fraction", "0")
      assert(result == 3 && rows.forall(_.getAs[String]("status") == "failed"))
      val exemplar = rows.find(_.getAs[String]("role") == "exemplar").get
      assert(exemplar.getAs[String]("error_code") == code)
      assert(exemplar.getAs[String]("error_detail").contains("_m.png"))
    }
    val chosen = masks(work.resolve("mask.empty"), "chosen-run", "--set", "input.mask-labels=[90]")
    assert(chosen._1 == 0 && chosen._3.map(_.getAs[String]("rle")) == wanted)
    val third = masks(work.resolve("mask.empty"), "third-run", "--set", "input.mask-threshold=0.3")
    assert(third._1 == 0 && third._3.map(_.getAs[String]("rle")) == wanted)
  }

  test("pairs of one's own are turned upright, a benchmark's are not; both are said and fixed") {
    val folder = Files.createDirectories(work.resolve("loose"))
    val drawn = ImageIO.read(car.resolve("car_1.png").toFile)
    Files.write(folder.resolve("a.png"), turned(drawn))
    Files.write(folder.resolve("b.png"), plain(ImageIO.read(car.resolve("car_2.png").toFile)))
    val own = out("loose-run")
    val pair = Seq("--source", s"$folder/a.png", "--target", s"$folder/b.png", "--out", own)
    val (code, log) = errorOf(flowJob(pair: _*))
    assert(code == 0 && log.contains("1 image has an EXIF orientation tag: turned upright"), log)
    val row = flows(own).head()
    assert(row.getAs[Int]("source_width") == drawn.getWidth && row.getAs[Int]("source_orientation") == 6)
    assert(row.getAs[Int]("target_orientation") == 1)
    val warp = ImageIO.read(Files.walk(Path.of(own, "png")).filter(_.toString.endsWith(".warp.png")).findFirst.get.toFile)
    assert(warp.getWidth == drawn.getWidth && warp.getHeight == drawn.getHeight)
    assert(Reading.of(RunManifest.parse(Files.readString(Path.of(own, "run.json")))).orientation == Orientation.UPRIGHT)
    assert(errorOf(flowJob(pair ++ Seq("--resume", "--set", "input.orientation=stored"): _*))._1 == 2)

    val original = Files.readAllBytes(car.resolve("car_1.png"))
    try {
      Files.write(car.resolve("car_1.png"), tagged(original, 3))
      val run = out("benchmark-run")
      val (result, said) = errorOf(flowJob("--dataset", s"cub:$images", "--limit", "1", "--out", run))
      assert(result == 0 && said.contains("1 image has an EXIF orientation tag: the stored pixels were used"), said)
      assert(flows(run).where("source_orientation = 3 or target_orientation = 3").count() == 1)
    } finally Files.write(car.resolve("car_1.png"), original)
  }
}
