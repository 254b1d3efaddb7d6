package org.denseflow.jobs

import java.nio.file.{Files, Path}
import javax.imageio.ImageIO
import org.denseflow.jobs.demo.DrawObjectsCommand
import org.scalatest.funsuite.AnyFunSuite
import scala.jdk.CollectionConverters._

/** The drawn image set says of its images what can be seen in them. */
class DrawObjectsSuite extends AnyFunSuite {
  private val folder = Files.createTempDirectory("denseflow-drawn-")
  private val code = JobMain.execute(
    new DrawObjectsCommand,
    "--out", folder.toString, "--categories", "4", "--images-per-category", "300", "--size", "64", "--seed", "7"
  )

  private def table(name: String): Seq[Array[String]] =
    Files.readAllLines(folder.resolve(name)).asScala.toSeq.map(_.split(" "))

  private def mask(path: String): Path = folder.resolve("segmentations").resolve(path)

  test("every image has its label, box, split and mask of its size") {
    assert(code == 0)
    val images = table("images.txt")
    assert(images.size == 1200)
    Seq("image_class_labels.txt", "bounding_boxes.txt", "train_test_split.txt").foreach { name =>
      assert(table(name).map(_.head) == images.map(_.head), name)
    }
    images.zip(table("bounding_boxes.txt")).grouped(20).map(_.head).foreach { case (image, box) =>
      val silhouette = ImageIO.read(mask(image(1)).toFile)
      assert(silhouette.getWidth == 64 && silhouette.getHeight == 48)
      val Array(left, top, width, height) = box.tail.map(_.toDouble.toInt)
      val inside = for {
        y <- 0 until 48
        x <- 0 until 64
        if (silhouette.getRGB(x, y) & 0xff) > 127
      } yield (x, y)
      assert(inside.map(_._1).min == left && inside.map(_._1).max == left + width - 1, image(1))
      assert(inside.map(_._2).min == top && inside.map(_._2).max == top + height - 1, image(1))
    }
  }

  test("a part is visible if and only if it lies in its image") {
    val parts = table("parts/part_locs.txt")
    val (visible, hidden) = parts.partition(_.last == "1")
    assert(visible.nonEmpty && hidden.nonEmpty)
    visible.foreach { part =>
      val Array(x, y) = part.slice(2, 4).map(_.toDouble)
      assert(x >= 0.5 && x <= 64.5 && y >= 0.5 && y <= 48.5, part.mkString(" "))
    }
    hidden.foreach(part => assert(part.slice(2, 5).toSeq == Seq("0.00", "0.00", "0")))
  }

  test("a bucket is refused, not taken for a folder of its name") {
    assert(JobMain.execute(new DrawObjectsCommand, "--out", "s3a://bucket/drawn") == ExitCode.USAGE.code)
    assert(!Files.exists(Path.of("s3a:")))
  }
}
