package org.denseflow.jobs

import java.nio.file.{Files, Path}
import java.security.MessageDigest
import java.util.HexFormat
import org.denseflow.jobs.compare.CompareCommand
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.masks.MaskTransferCommand
import org.denseflow.jobs.projection.ProjectionCommand
import org.denseflow.schemas.RunManifest
import org.denseflow.weights.{WeightFile, WeightMap}

class ProjectionSuite extends JobSuite {
  private val file = "projection.safetensors"

  private def projectionJob(arguments: String*): Int = execute(new ProjectionCommand, arguments: _*)

  /** 48 components of the default backbone's features of all twelve images. */
  private lazy val ours = {
    val run = out("ours")
    assert(projectionJob("--images", s"$images/images", "--components", "48", "--seed", "3", "--out", run) == 0)
    run
  }

  private lazy val ofHog = {
    val run = out("hog")
    assert(projectionJob("--dataset", s"cub:$images", "--backbone", "hog", "--components", "16", "--sample", "5", "--out", run) == 0)
    run
  }

  private def read(run: String): WeightMap = WeightFile.read(Path.of(run, file))

  private def manifest(run: String): RunManifest = RunManifest.parse(Files.readString(Path.of(run, "run.json")))

  test("components are orthonormal, the summary says what they keep, and the manifest what they are of") {
    val map = read(ours)
    val tap = map.metadata.get("denseflow.taps")
    val components = map.tensors.get(s"$tap.components")
    val channels = components.shape()(1)
    val rows = components.values.grouped(channels).toSeq
    for (i <- 0 until 48; j <- 0 to i) {
      val product = rows(i).zip(rows(j)).map { case (a, b) => a.toDouble * b }.sum
      assert(math.abs(product - (if (i == j) 1 else 0)) < 1e-5, s"$i $j")
    }
    val summary = spark.read.option("multiLine", "true").json(ours + "/summary.json").collect()
    val share = summary.map(row => row.getAs[Long]("components") -> row.getAs[Double]("share")).toMap
    assert(share(1) < share(16) && share(16) < share(48) && share(48) < 1)
    assert(math.abs(share(channels.toLong) - 1) < 1e-5)
    assert(manifest(ours).count("images") == 12 && manifest(ours).count("cells") == 12 * 20 * 20)
    assert(manifest(ours).input("components") == "48" && manifest(ours).input("seed") == "3")
    assert(manifest(ofHog).count("images") == 5)
  }

  test("the same sample gives the same file, bit for bit; another seed another") {
    val again = out("again")
    val arguments = Seq("--dataset", s"cub:$images", "--backbone", "hog", "--components", "16", "--sample", "5")
    assert(projectionJob(arguments ++ Seq("--out", again): _*) == 0)
    assert(read(again).digest == read(ofHog).digest)
    assert(projectionJob(arguments ++ Seq("--out", again, "--resume"): _*) == 0)
    val other = out("another-seed")
    assert(projectionJob(arguments ++ Seq("--seed", "8", "--out", other): _*) == 0)
    assert(read(other).digest != read(ofHog).digest)
  }

  test("flows of projected features are about as good, and name the projection that made them") {
    val scores = Seq(Seq.empty, Seq("--projection", s"$ours/$file")).zipWithIndex.map { case (options, i) =>
      val run = out(s"flows-$i")
      assert(flowJob(Seq("--dataset", s"cub:$images", "--out", run) ++ options: _*) == 0)
      pck(run)
    }
    assert(scores(0) > 0.6 && scores(1) > scores(0) - 0.03, scores.toString)
    val bytes = Files.readAllBytes(Path.of(ours, file))
    val digest = HexFormat.of.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
    assert(manifest(out("flows-1")).input("weight-digest").endsWith("+sha256:" + digest))
    assert(Files.mismatch(Path.of(ours, file), Path.of(out("flows-1"), file)) == -1, "stored with the run")
    assert(manifest(out("flows-1")).fingerprint != manifest(out("flows-0")).fingerprint)
    assert(execute(new CompareCommand, "--run", out("flows-0"), "--with", out("flows-1")) == 3)
    assert(
      flowJob("--dataset", s"cub:$images", "--out", out("flows-nn"), "--method", "nn", "--projection", s"$ours/$file") == 0
    )
  }

  private def pck(run: String): Double = {
    val scores = run + "-scores"
    assert(
      execute(
        new EvaluateCommand,
        "--flows", run, "--dataset", s"cub:$images", "--protocol", "cub/bbox-kp", "--out", scores
      ) == 0
    )
    val summary = spark.read.option("multiLine", "true").json(scores + "/summary.json")
    summary.where("category = 'all' and metric = 'pck@0.10'").collect().head.getAs[Double]("value")
  }

  test("masks are transferred with projected features") {
    val run = out("masks")
    assert(
      execute(
        new MaskTransferCommand,
        "--dataset", s"cub:$images", "--exemplars", "2", "--projection", s"$ours/$file", "--out", run
      ) == 0
    )
    assert(manifest(run).count("failed") == 0)
  }

  test("a projection of another backbone, and a method with networks of its own, are refused") {
    def refusal(options: String*): String = {
      val (code, message) = errorOf(flowJob(Seq("--dataset", s"cub:$images", "--out", out("refused")) ++ options: _*))
      assert(code == 2, message)
      message
    }
    val backbone = refusal("--projection", s"$ofHog/$file")
    assert(backbone.contains("made with backbone hog, here it is denseflow_s; pass the same --backbone"), backbone)
    val network = refusal("--method", "gsf", "--projection", s"$ours/$file")
    assert(network.contains("Method gsf cannot use a projection"), network)
    val regions = refusal("--method", "phm", "--backbone", "hog", "--projection", s"$ofHog/$file")
    assert(regions.contains("its own gradients") || regions.contains("their own gradients"), regions)
    assert(refusal("--projection", out("nowhere")).contains("no such file"))
    assert(!Files.exists(Path.of(out("refused"))))
  }

  test("a bad image costs itself only, and is reported; none that can be described is an error") {
    val folder = Files.createDirectories(work.resolve("some-bad"))
    Files.writeString(folder.resolve("bad.png"), "not an image")
    val arguments = Seq("--images", folder.toString, "--backbone", "hog", "--components", "4")
    val (none, message) = errorOf(projectionJob(arguments ++ Seq("--out", out("none")): _*))
    assert(none == 2 && message.contains("of 1 image"), message)
    Files.copy(images.resolve("images/001.car/car_1.png"), folder.resolve("good.png"))
    val (code, report) = errorOf(projectionJob(arguments ++ Seq("--out", out("some")): _*))
    assert(code == 0 && report.contains("left out with image.unknown-format") && report.contains("bad.png"), report)
    assert(manifest(out("some")).count("images") == 1 && manifest(out("some")).count("failed") == 1)
  }

  test("bad usage is refused") {
    def refused(arguments: String*): Unit = assert(projectionJob(arguments: _*) == 2, arguments.toString)
    val here = Seq("--images", s"$images/images", "--backbone", "hog")
    refused("--out", out("bad"))
    refused(here ++ Seq("--dataset", s"cub:$images", "--out", out("bad")): _*)
    refused(here ++ Seq("--components", "0", "--out", out("bad")): _*)
    refused(here ++ Seq("--sample", "0", "--out", out("bad")): _*)
    refused(here ++ Seq("--method", "gsf", "--model", s"$ours/$file", "--out", out("bad")): _*)
    assert(projectionJob(here ++ Seq("--dry-run", "--out", out("bad")): _*) == 0)
    refused(here ++ Seq("--components", "5000", "--out", out("bad")): _*)
    assert(!Files.exists(Path.of(out("bad"))))
  }
}
