package org.denseflow.jobs

import java.nio.file.Path
import scala.jdk.CollectionConverters._
import scala.util.Random
import org.denseflow.style.StyleShape
import org.denseflow.weights.{SafetensorsFile, Tensor}

/** A style network that has learned nothing. */
object RandomCodec {

  /** Writes those of its tensors that are wanted. */
  def write(file: Path, wanted: String => Boolean = _ => true): String = {
    val random = new Random(3)
    val tensors = StyleShape.RELU3_1.tensors().asScala.toSeq.map { case (name, shape) =>
      val scale = if (shape.length == 1) 0.05 else math.sqrt(2.0 / shape.tail.product)
      name -> new Tensor(shape, Array.fill(shape.product)((scale * random.nextGaussian()).toFloat))
    }
    val chosen = tensors.filter { case (name, _) => wanted(name) }.toMap.asJava
    SafetensorsFile.write(file, chosen, java.util.Map.of[String, String]())
    file.toString
  }
}
