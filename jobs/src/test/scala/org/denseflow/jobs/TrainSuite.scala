package org.denseflow.jobs

import java.io.{ByteArrayInputStream, ByteArrayOutputStream}
import java.nio.file.{Files, Path}
import javax.imageio.ImageIO
import org.denseflow.image.{ImageDecoder, ImageLimits}
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.flow.DenseFlowCommand
import org.denseflow.jobs.synthesis.SyntheticPairCommand
import org.denseflow.jobs.training.TrainCommand
import org.denseflow.jobs.transfer.AttributeTransferCommand
import org.denseflow.schemas.RunManifest
import org.denseflow.style.StyleShape
import org.denseflow.weights.WeightFile


/** TrainJob on drawn images and HOG: it learns, goes on where it stopped, and its model is used. */
class TrainSuite extends JobSuite {
  private lazy val pairs = {
    val folder = out("pairs")
    assert(
      execute(
        new SyntheticPairCommand,
        "--images", s"$images/images", "--masks", s"$images/segmentations", "--pairs-per-image", "2",
        "--preset", "sfnet", "--set", "view.width=96", "--set", "view.height=96", "--out", folder, "--seed", "3"
      ) == 0
    )
    folder
  }

  private def train(folder: String, arguments: String*): Int =
    execute(
      new TrainCommand,
      Seq(
        "--preset", "sfnet-compact", "--pairs", pairs, "--backbone", "hog", "--out", folder,
        "--set", "image.width=96", "--set", "image.height=96", "--set", "sfnet.adapters=[{kernel=1,units=1}]",
        "--set", "training.batch=2", "--set", "training.updater.learning-rate=1e-3", "--set", "averaging.steps=2",
        "--set", "checkpoint.every=4", "--set", "validation.every=4", "--set", "validation.share=0.3",
        "--cache", out("cache"), "--seed", "5"
      ) ++ (if (arguments.contains("--steps")) arguments else Seq("--steps", "8") ++ arguments): _*
    )

  private lazy val trained = {
    val folder = out("trained")
    assert(train(folder) == 0)
    folder
  }

  test("a training leaves a model, curves, a picture, a summary and a manifest") {
    val curves = spark.read.parquet(trained + "/curves")
    assert(curves.where("part = 'train' and name = 'total'").count() == 8)
    assert(curves.where("part = 'validation' and name = 'total'").count() == 3)
    assert(Files.size(Path.of(trained, "curves.png")) > 1000)
    assert(RunManifest.parse(Files.readString(Path.of(trained, "run.json"))).count("steps") == 8)
    val summary = spark.read.option("multiLine", "true").json(trained + "/summary.json")
    assert(summary.where("metric = 'total'").head().getAs[Double]("value") > 0)
    val checkpoints = Files.list(Path.of(trained, "checkpoints")).toArray.map(_.toString)
    assert(checkpoints.count(_.endsWith(".safetensors")) == 2 && checkpoints.count(_.endsWith(".json")) == 2)
  }

  test("resuming from a checkpoint gives the same model, bit for bit") {
    val folder = out("resumed")
    copy(Path.of(trained), Path.of(folder))
    Seq("run.json", "model.safetensors", "checkpoints/step-00000008.json").foreach(name =>
      Files.delete(Path.of(folder, name))
    )
    assert(train(folder, "--resume") == 0)
    assert(bytes(folder).sameElements(bytes(trained)))
    assert(spark.read.parquet(folder + "/curves").where("name = 'total' and part = 'train'").count() == 8)
  }

  test("a second stage learns from image pairs, also when it is resumed across the stages; bad images are left out") {
    val photographs = Path.of(out("photographs"))
    copy(images.resolve("images"), photographs)
    val birds = Files.walk(photographs).filter(f => Files.isRegularFile(f)).sorted().toArray.map(_.toString)
    Files.write(Path.of(birds.head), Array[Byte](1, 2, 3))
    val stages = Seq(
      "--steps", "12", "--image-pairs", s"folder:$photographs?masks=$images/segmentations",
      "--set", "training.stages=[{pairs=synthetic,share=0.5},{pairs=images,share=0.5,learning-rate=5e-4}]"
    )
    val whole = out("stages")
    val (code, log) = errorOf(train(whole, stages: _*))
    assert(code == 0, log)
    assert(log.contains("left out (image.") && log.contains(birds.head), log)
    val curves = spark.read.parquet(whole + "/curves").where("part = 'train'")
    assert(curves.where("name = 'total'").count() == 12)
    assert(curves.where("name = 'epe'").count() == 6, "the true flow of photographs is not known")
    val rates = curves.where("name = 'learning-rate' and step >= 6 and step < 8").collect().map(_.getAs[Double]("value"))
    assert(rates.nonEmpty && rates.forall(_ <= 5e-4))
    val resumed = out("stages-resumed")
    copy(Path.of(whole), Path.of(resumed))
    Seq("run.json", "model.safetensors", "checkpoints/step-00000012.json", "checkpoints/step-00000012.safetensors")
      .foreach(name => Files.delete(Path.of(resumed, name)))
    assert(train(resumed, stages :+ "--resume": _*) == 0)
    assert(bytes(resumed).sameElements(bytes(whole)))
  }

  test("two workers train side by side, each on its own pairs") {
    val folder = out("two")
    assert(train(folder, "--workers", "2") == 0)
    assert(!bytes(folder).sameElements(bytes(trained)))
    assert(spark.read.parquet(folder + "/curves").where("name = 'total' and part = 'train'").count() == 8)
  }

  test("the model is used by DenseFlowJob, and refused with another backbone") {
    val run = out("flows")
    val model = trained + "/model.safetensors"
    val small = Seq("--set", "image.width=96", "--set", "image.height=96", "--limit", "3", "--set", "adaptation=0.5")
    assert(
      flowJob(
        Seq("--dataset", s"cub:$images", "--method", "sfnet-compact", "--backbone", "hog", "--model", model, "--out", run)
          ++ small: _*
      ) == 0
    )
    assert(flows(run).where("status = 'ok'").count() == 3)
    val manifest = RunManifest.parse(Files.readString(Path.of(run, "run.json")))
    assert(manifest.input("weight-digest").matches("none\\+sha256:[0-9a-f]+\\*0\\.5"))
    val (code, message) = errorOf(
      flowJob(Seq("--dataset", s"cub:$images", "--method", "sfnet-compact", "--backbone", "hog", "--out", out("x")): _*)
    )
    assert(code == 2 && message.contains("--model"), message)
    val paper = Seq("--method", "sfnet", "--backbone", "hog", "--model", model)
    val (other, taps) = errorOf(flowJob(Seq("--dataset", s"cub:$images", "--out", out("x")) ++ paper: _*))
    assert(other == 2 && taps.contains("backbone hog has no conv4-23, conv5-3; it has hog"), taps)
    assert(taps.contains("--set backbone.taps=[hog]"), taps)
    val own = Seq("--set", "backbone.taps=[]", "--out", out("own-tap"))
    assert(flowJob(Seq("--dataset", s"cub:$images") ++ paper ++ small ++ own: _*) == 0)
  }

  test("Guided Semantic Flow learns to prune, on synthetic pairs and on photographs without masks, and is used") {
    val folder = out("gsf")
    assert(trainSmall("gsf-weak", folder, "--image-pairs", s"folder:$images/images") == 0)
    assert(trainedTerms(folder) == Set("total", "geometry", "silhouette", "learning-rate", "gradient-norm", "millis"))
    val model = folder + "/model.safetensors"
    assert(smallFlows("gsf", model, out("gsf-flows")) == 0)
    val (code, message) = errorOf(smallFlows("guided", model, out("y")))
    assert(code == 2 && message.contains("made with system gsf"), message)
  }

  test("its second stage starts from the first one's model, and learns to match") {
    val first = out("gsf-first")
    val second = out("gsf-second")
    assert(trainSmall("gsf", first) == 0)
    val start = first + "/model.safetensors"
    assert(trainSmall("gsf-matching", second, "--start", start, "--set", "training.updater.learning-rate=1e-30") == 0)
    assert(trainedTerms(second).intersect(Set("matching", "smooth", "epe")).size == 3)
    val before = WeightFile.read(Path.of(first, "model.safetensors")).tensors()
    val after = WeightFile.read(Path.of(second, "model.safetensors")).tensors()
    before.forEach((name, tensor) => assert(after.get(name).values().sameElements(tensor.values()), name))
    assert(after.size == before.size + 4)
    assert(smallFlows("gsf", second + "/model.safetensors", out("gsf-second-flows")) == 0)
    val (code, message) = errorOf(trainSmall("gsf-matching", out("z"), "--start", trained + "/model.safetensors"))
    assert(code == 2 && message.contains("made with system sfnet"), message)
  }

  test("on the features of a trained SFNet, its model contains them") {
    val folder = out("gsf-features")
    val features = trained + "/model.safetensors"
    assert(trainSmall("gsf-sfnet", folder, "--features", features) == 0)
    val model = WeightFile.read(Path.of(folder, "model.safetensors"))
    assert(model.names().containsAll(WeightFile.read(Path.of(features)).names()))
    assert(model.metadata().get("denseflow.adaptation") == "0.15")
    assert(smallFlows("gsf", folder + "/model.safetensors", out("gsf-features-flows")) == 0)
    val start = folder + "/model.safetensors"
    val (other, difference) = errorOf(trainSmall("gsf-matching", out("z3"), "--start", start))
    assert(other == 2 && difference.contains("it was trained on other features"), difference)
    val (code, message) = errorOf(train(out("z2"), "--features", features))
    assert(code == 2 && message.contains("sfnet learns on the backbone's own"), message)
  }

  test("RTNs learn on synthetic pairs and on photographs, and their passes are steps") {
    val folder = out("rtn")
    val small = Seq(
      "--set", "rtn.channels=8", "--set", "rtn.widths=[4,6]", "--set", "rtn.radius=2", "--set", "rtn.match-radius=1",
      "--image-pairs", s"folder:$images/images",
      "--set", "training.stages=[{pairs=synthetic,share=0.5},{pairs=images,share=0.5}]"
    )
    assert(trainSmall("rtn-compact", folder, small: _*) == 0)
    assert(trainedTerms(folder).contains("match"))
    val curves = spark.read.parquet(folder + "/curves").where("part = 'train' and name = 'epe.1'")
    assert(curves.count() == 4, "the true flow of photographs is not known")
    val run = out("rtn-flows")
    val model = folder + "/model.safetensors"
    assert(smallFlows("rtn", model, run, "--write", "intermediate", "--set", "recurrent.passes=3") == 0)
    val steps = flows(run).selectExpr("inline(steps)").collect().map(_.getAs[String]("name")).distinct
    assert(steps.sorted.toSeq == Seq("pass 1", "pass 2", "pass 3"))
    val last = flows(run).selectExpr("flow = element_at(steps, -1).flow as same").collect()
    assert(last.forall(_.getBoolean(0)))
    val whole = scores(run, "rtn-scores")
    assert(scores(run, "rtn-scores-3", "--step", "3") == whole)
    assert(scores(run, "rtn-scores-1", "--step", "1") != whole)
    val curve = Files.readString(Path.of(out("rtn-scores"), "steps.json"))
    assert(Seq("\"step\" : 1", "\"step\" : 3").forall(curve.contains), curve)
    assert(ImageIO.read(Path.of(out("rtn-scores"), "steps.png").toFile).getWidth == 700)
    assert(evaluate(run, out("rtn-beside"), "--beside", out("rtn-scores")) == 3)
    val (none, hint) = errorOf(evaluate(run, out("y3"), "--step", "4"))
    assert(none == 2 && hint.contains("no pair of") && hint.contains("intermediate"), hint)
    val (code, message) = errorOf(smallFlows("gsf", model, out("y2")))
    assert(code == 2 && message.contains("made with system rtn"), message)
    samnetStartsFrom(model, small)
  }

  /** Of the three pairs that a small run has; that others are missing is said by the exit code. */
  private def scores(run: String, name: String, more: String*): Set[Any] = {
    assert(evaluate(run, out(name), more: _*) == 3)
    spark.read.parquet(out(name) + "/metrics").select("pair_id", "metric", "value").collect().map(_.toSeq).toSet
  }

  private def evaluate(run: String, to: String, more: String*): Int = execute(
    new EvaluateCommand,
    Seq("--flows", run, "--dataset", s"cub:$images", "--protocol", "cub/bbox-kp", "--out", to) ++ more: _*
  )

  private def samnetStartsFrom(rtn: String, small: Seq[String]): Unit = {
    val folder = out("samnet")
    val (missing, hint) = errorOf(trainSmall("samnet-compact", folder, small: _*))
    assert(missing == 2 && hint.contains("samnet needs --codec"), hint)
    val start = Seq("--codec", codec, "--start", rtn) ++ small
    assert(trainSmall("samnet-compact", folder, start: _*) == 0)
    assert(Seq("match", "content", "smooth", "image").forall(trainedTerms(folder).contains))
    val model = folder + "/model.safetensors"
    val tensors = WeightFile.read(Path.of(model)).tensors()
    val source = WeightFile.read(Path.of(codec)).tensors()
    assert(tensors.get("encoder.conv1_1.weight").values.sameElements(source.get("encoder.conv1_1.weight").values))
    assert(!tensors.get("decoder.conv1_1.weight").values.sameElements(source.get("decoder.conv1_1.weight").values))
    val run = out("samnet-flows")
    assert(smallFlows("samnet", model, run, "--write", "intermediate", "--set", "recurrent.passes=2") == 0)
    val stylised = flows(run).selectExpr("inline(steps)").select("stylised_png").collect().map(_.getAs[Array[Byte]](0))
    assert(stylised.length == 2 * flows(run).count())
    val picture = ImageDecoder.decode(stylised.head, ImageLimits.DEFAULT).image
    assert(picture.width == 4 * flows(run).head().getAs[Int]("grid_width"))
    samnetStylises(model)
    val (unused, reason) = errorOf(trainSmall("rtn-compact", out("samnet-2"), "--codec", codec))
    assert(unused == 2 && reason.contains("rtn uses no style network"), reason)
  }

  private lazy val codec: String = RandomCodec.write(Path.of(out("codec.safetensors")))

  /** The network makes the images itself, one for each pass, whose number is that of iterations. */
  private def samnetStylises(model: String): Unit = {
    val run = out("samnet-stylised")
    val car = images.resolve("images/001.car")
    val code = execute(
      new AttributeTransferCommand,
      "--source", s"$car/car_1.png", "--target", s"$car/car_2.png", "--method", "samnet",
      "--backbone", "hog", "--model", model, "--codec", codec, "--iterations", "2", "--out", run,
      "--set", "image.width=64", "--set", "image.height=64", "--set", "transfer.size=64",
      "--set", "recurrent.scale=2"
    )
    assert(code == 0)
    val row = spark.read.parquet(run + "/stylised").head()
    assert(row.getAs[String]("status") == "ok", row)
    val strip = ImageIO.read(new ByteArrayInputStream(row.getAs[Array[Byte]]("strip_png")))
    assert(strip.getWidth == 8 + 6 * 264, "source, target, and of each pass the image and the warp")
  }

  test("a decoder is trained for an encoder without one") {
    val encoder = RandomCodec.write(Path.of(out("encoder.safetensors")), _.startsWith("encoder."))
    val folder = out("codec")
    val options = Seq(
      "--preset", "codec", "--image-pairs", s"cub:$images", "--codec", encoder, "--out", folder,
      "--steps", "6", "--seed", "1", "--set", "image.width=32", "--set", "image.height=32",
      "--set", "training.batch=2", "--set", "averaging.steps=3", "--set", "checkpoint.every=3",
      "--set", "validation.every=3", "--set", "validation.pairs=1", "--set", "validation.share=0.2"
    )
    assert(execute(new TrainCommand, options: _*) == 0)
    assert(Seq("pixels", "content").forall(trainedTerms(folder).contains))
    val tensors = WeightFile.read(Path.of(folder + "/model.safetensors")).tensors().keySet()
    assert(tensors.containsAll(StyleShape.RELU3_1.tensors().keySet()))
    val (start, hint) = errorOf(
      execute(new TrainCommand, options ++ Seq("--resume", "--start", folder + "/model.safetensors"): _*)
    )
    assert(start == 2 && hint.contains("pass the model there"), hint)
    val (size, sides) = errorOf(
      execute(new TrainCommand, options ++ Seq("--set", "image.width=34", "--resume"): _*)
    )
    assert(size == 2 && sides.contains("multiples of 4"), sides)
  }

  private def trainSmall(preset: String, folder: String, more: String*): Int = execute(
    new TrainCommand,
    Seq(
      "--preset", preset, "--pairs", pairs, "--backbone", "hog", "--out", folder,
      "--set", "image.width=96", "--set", "image.height=96", "--set", "training.steps=8", "--set", "training.batch=2",
      "--set", "averaging.steps=2", "--set", "checkpoint.every=4", "--set", "validation.every=4",
      "--set", "validation.share=0.3", "--set", "validation.pairs=4", "--seed", "5"
    ) ++ more: _*
  )

  private def trainedTerms(folder: String): Set[String] =
    spark.read.parquet(folder + "/curves").where("part = 'train' and step >= 4").select("name").distinct()
      .collect().map(_.getString(0)).toSet

  private def smallFlows(method: String, model: String, run: String, more: String*): Int = {
    val arguments = Seq(
      "--dataset", s"cub:$images", "--method", method, "--model", model, "--out", run,
      "--backbone", "hog", "--set", "image.width=96", "--set", "image.height=96", "--limit", "3"
    )
    val code = flowJob(arguments ++ more: _*)
    if (code == 0) assert(flows(run).where("status = 'ok'").count() == 3)
    code
  }

  test("a backbone is distilled from another, and used as one") {
    val folder = out("distilled")
    val sample = Seq("--set", "distillation.sample=3")
    assert(trainSmall("denseflow_s", folder, sample: _*) == 0)
    assert(Set("total", "cosine", "structure").subsetOf(trainedTerms(folder)))
    val weights = folder + "/model.safetensors"
    val file = WeightFile.read(Path.of(weights))
    assert(file.metadata().get("denseflow.backbone") == "hog" && file.metadata().get("denseflow.seed") == "5")
    assert(!file.names().contains("teacher.mean"))
    val resumed = out("distilled-resumed")
    copy(Path.of(folder), Path.of(resumed))
    Seq("run.json", "model.safetensors", "checkpoints/step-00000008.json").foreach(name =>
      Files.delete(Path.of(resumed, name))
    )
    assert(trainSmall("denseflow_s", resumed, sample :+ "--resume": _*) == 0)
    assert(bytes(resumed).sameElements(bytes(folder)))
    val run = out("distilled-flows")
    val data = Seq("--dataset", s"cub:$images", "--backbone", "denseflow_s", "--limit", "3")
    assert(flowJob(data ++ Seq("--out", run, "--weights", weights): _*) == 0)
    val manifest = RunManifest.parse(Files.readString(Path.of(run, "run.json")))
    assert(manifest.input("weight-digest") == file.digest())
    val (code, message) = errorOf(trainSmall("denseflow_s", out("z4"), sample ++ Seq("--start", weights): _*))
    assert(code == 2 && message.contains("leave out --start"), message)
  }

  test("a rate that is too high ends with the batch named, and keeps the last checkpoint") {
    val folder = out("diverged")
    val (code, message) = errorOf(
      train(folder, "--set", "training.updater.learning-rate=1e39")
    )
    assert(code == 2, message)
    assert(message.contains("diverged at step") && message.contains("learning-rate"), message)
    assert(!Files.exists(Path.of(folder, "model.safetensors")))
  }

  test("bad usage is refused with the name of what is wrong") {
    Seq(
      Seq("--workers", "0") -> "--workers",
      Seq("--workers", "3") -> "2 task slots",
      Seq("--set", "averaging.steps=3") -> "multiples of averaging.steps",
      Seq("--set", "sfnet.betta=3") -> "betta",
      Seq("--pairs", work.toString) -> "SyntheticPairJob",
      Seq("--image-pairs", s"folder:$images/images") -> "no stage on images pairs",
      Seq("--set", "training.stages=[{pairs=images}]") -> "leave out --pairs",
      Seq("--set", "training.stages=[{pairs=synthetic,share=0.5}]") -> "add up to 1",
      Seq("--backbone", "resnet50_v2") -> "--weights",
      Seq("--preset", "sfnet") -> "backbone hog has no conv4-23, conv5-3",
      Seq("--set", "backbone.name=denseflow_s") -> "contradicts --backbone",
      Seq("--steps", "5", "--set", "training.steps=6") -> "contradicts --steps"
    ).foreach { case (arguments, named) =>
      val target = out("refused")
      val all = Seq("--preset", "sfnet-compact", "--out", target, "--backbone", "hog", "--pairs", pairs)
      val kept = all.grouped(2).filterNot(option => arguments.contains(option.head)).flatten.toSeq
      val (code, message) = errorOf(execute(new TrainCommand, kept ++ arguments: _*))
      assert(code == 2, message)
      assert(message.contains(named), message)
    }
  }

  private def bytes(folder: String): Array[Byte] = Files.readAllBytes(Path.of(folder, "model.safetensors"))

  private def copy(from: Path, to: Path): Unit = {
    val files = Files.walk(from)
    try files.forEach(file => Files.copy(file, to.resolve(from.relativize(file))))
    finally files.close()
  }
}
