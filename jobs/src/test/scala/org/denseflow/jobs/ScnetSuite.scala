package org.denseflow.jobs

import java.nio.file.Path
import org.denseflow.jobs.training.TrainCommand
import org.denseflow.weights.{Tensor, WeightFile}

import scala.jdk.CollectionConverters._

/** SCNet on drawn images and HOG: it learns from keypoints, variant after variant, and its models are used. */
class ScnetSuite extends JobSuite {
  private val small = Seq("--backbone", "hog", "--set", "image.width=128", "--set", "image.height=128")

  private def train(preset: String, folder: String, more: String*): Int = {
    val lengths = Seq(
      "--set", "training.steps=24", "--set", "averaging.steps=4", "--set", "checkpoint.every=12",
      "--set", "validation.every=12", "--set", "validation.share=0.3", "--set", "validation.pairs=8", "--seed", "5"
    )
    val network = Seq(
      "--set", "scnet.proposals.count=80", "--set", "scnet.pooling.side=2", "--set", "scnet.embedding.size=108",
      "--set", "training.updater.learning-rate=3e-3"
    )
    val data = if (more.contains("--image-pairs")) Seq() else Seq("--image-pairs", s"cub:$images")
    execute(new TrainCommand, Seq("--preset", preset, "--out", folder) ++ data ++ small ++ lengths ++ network ++ more: _*)
  }

  private def use(method: String, model: String, run: String, more: String*): Int = {
    val regions = Seq("--set", "regions.proposals.count=80", "--set", "regions.pooling.side=2", "--limit", "3")
    val files = Seq("--dataset", s"cub:$images", "--model", model, "--out", run)
    flowJob(Seq("--method", method) ++ files ++ small ++ regions ++ more: _*)
  }

  private def tensors(model: String): Map[String, Tensor] = WeightFile.read(Path.of(model)).tensors().asScala.toMap

  private def values(folder: String, name: String): Seq[Double] =
    spark.read.parquet(folder + "/curves").where(s"part = 'validation' and name = '$name'").orderBy("step").collect()
      .map(_.getAs[Double]("value")).toSeq

  private lazy val appearance = {
    val folder = out("a")
    assert(train("scnet-a-compact", folder) == 0)
    folder + "/model.safetensors"
  }

  test("it learns to tell true matches from false ones, on images that it does not train on") {
    appearance
    val loss = values(out("a"), "total")
    assert(loss.size == 3 && loss.last < 0.97 * loss.head, loss)
    assert(values(out("a"), "accuracy").forall(share => share >= 0 && share <= 1))
  }

  test("SCNet-AG starts from SCNet-A and learns with votes; a model of A can vote as well") {
    val folder = out("ag")
    assert(train("scnet-ag-compact", folder, "--start", appearance) == 0)
    val loss = values(folder, "total")
    assert(loss.last < loss.head, loss)
    assert(use("scnet-ag-compact", folder + "/model.safetensors", out("ag-flows")) == 0)
    assert(use("scnet-ag-compact", appearance, out("a-votes")) == 0)
    assert(use("scnet-a-compact", appearance, out("a-flows")) == 0)
    assert(Seq("ag-flows", "a-votes", "a-flows").forall(run => flows(out(run)).where("status = 'ok'").count() == 3))
  }

  test("SCNet-AG+ starts both layers from SCNet-A, and trains the second alone") {
    val folder = out("ag-plus")
    val model = folder + "/model.safetensors"
    assert(train("scnet-ag-plus-compact", folder, "--start", appearance, "--set", "training.updater.weight-decay=0.1") == 0)
    val before = tensors(appearance)
    val after = tensors(model)
    assert(after.keySet == Set("appearance.weight", "appearance.bias", "geometry.weight", "geometry.bias"))
    assert(before.forall { case (name, tensor) => after(name).values.sameElements(tensor.values) })
    val start = before("appearance.weight").values
    val moved = after("geometry.weight").values.zip(start).map { case (now, first) => math.abs(now - first) }
    assert(moved.max > 0 && moved.sum / moved.length < 0.1, "it starts from the appearance layer")
    assert(use("scnet-ag-plus-compact", model, out("ag-plus-flows")) == 0)
    val (code, message) = errorOf(use("scnet-ag-plus-compact", appearance, out("x")))
    assert(code == 2 && message.contains("geometry."), message)
  }

  test("what does not fit is refused with what to do") {
    val (pooling, mend) = errorOf(use("scnet-a-compact", appearance, out("x1"), "--set", "regions.pooling.kind=max"))
    assert(pooling == 2 && mend.contains("set regions.pooling to the same"), mend)
    val (batch, one) = errorOf(train("scnet-a-compact", out("x2"), "--set", "training.batch=2"))
    assert(batch == 2 && one.contains("set training.batch=1"), one)
    val (smooth, votes) = errorOf(train("scnet-ag-compact", out("x3"), "--set", "scnet.voting.smoothings=1"))
    assert(smooth == 2 && votes.contains("smoothings = 0"), votes)
    val (bare, points) = errorOf(train("scnet-a-compact", out("x4"), "--image-pairs", s"folder:$images/images"))
    assert(bare == 2 && points.contains("no pair has them on both images"), points)
  }
}
