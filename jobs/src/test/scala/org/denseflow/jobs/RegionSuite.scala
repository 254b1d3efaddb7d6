package org.denseflow.jobs

import java.nio.file.{Files, Path}
import org.denseflow.jobs.evaluate.EvaluateCommand

/** Methods that match region proposals, on drawn objects; by gradients, as Proposal Flow does, which need the votes most. */
class RegionSuite extends JobSuite {
  private val small = Seq(
    "--set", "image.width=128", "--set", "image.height=128", "--set", "regions.proposals.count=150"
  )

  private def regionJob(method: String, run: String, more: String*): Int = {
    val dataset = Seq("--dataset", s"cub:$images", "--out", run, "--method", method, "--backbone", "hog", "--limit", "12")
    flowJob(dataset ++ small ++ more: _*)
  }

  private def evaluate(run: String, protocol: String, scores: String, more: String*): Int = {
    val arguments = Seq("--flows", run, "--dataset", s"cub:$images", "--protocol", protocol)
    execute(new EvaluateCommand, arguments ++ Seq("--out", scores) ++ more: _*)
  }

  private def score(scores: String, metric: String): Double =
    spark.read
      .option("multiLine", "true")
      .json(scores + "/summary.json")
      .where(s"category = 'all' and metric = '$metric'")
      .collect()
      .head
      .getAs[Double]("value")

  private lazy val scored: Map[String, String] =
    Seq("nam", "phm", "lom").map { method =>
      val run = out(method)
      assert(regionJob(method, run, "--write", "flows,intermediate") == 0)
      val scores = out(s"$method-scores")
      assert(evaluate(run, "cub/bbox-kp,proposal-flow/regions", scores) == 3, "12 of 36 pairs were matched")
      method -> scores
    }.toMap

  test("votes and local offsets match regions better than appearance alone") {
    val area = scored.view.mapValues(score(_, "pcr-auc")).toMap
    assert(area("nam") < area("phm") && area("nam") < area("lom"), area.toString)
    val keypoints = scored.view.mapValues(score(_, "pck@0.10")).toMap
    assert(keypoints("nam") < keypoints("phm") && keypoints("nam") < keypoints("lom"), keypoints.toString)
  }

  test("matched regions are a column, ten numbers for each, where intermediate results are asked for") {
    scored
    val rows = flows(out("phm")).collect()
    assert(rows.length == 12)
    val regions = rows.map(_.getAs[Array[Byte]]("regions").length / 40.0)
    assert(regions.forall(count => count == count.toInt && count > 50 && count <= 150), regions.toSeq)
    assert(rows.forall(row => row.getAs[Int]("grid_width") == 128 / 4))
  }

  test("curves are drawn, and those of other evaluations beside them") {
    val scores = out("curves")
    assert(evaluate(out("phm"), "proposal-flow/regions", scores, "--beside", scored("nam")) == 3)
    Seq("pcr.png", "miou.png").foreach(file => assert(Files.size(Path.of(scores, file)) > 5000))
    assert(spark.read.parquet(scores + "/metrics").count() == 12 * (101 + 100 + 2))
    val (code, message) =
      errorOf(evaluate(out("phm"), "proposal-flow/regions", out("none"), "--beside", out("nowhere")))
    assert(code == 2 && message.contains("nowhere"), message)
  }

  test("a run without regions cannot be scored by them, and says what to do") {
    val run = out("without")
    assert(regionJob("phm", run, "--write", "flows") == 0)
    val (code, message) = errorOf(evaluate(run, "proposal-flow/regions", out("without-scores")))
    assert(code == 2 && message.contains("--write intermediate"), message)
  }

  test("a parameter out of range is refused before anything is computed") {
    val (code, message) = errorOf(regionJob("lom", out("wrong"), "--set", "regions.local.overlap=1"))
    assert(code == 2 && message.contains("overlap"), message)
  }
}
