package org.denseflow.jobs

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.util.HexFormat
import org.denseflow.backbone.{BackboneInfo, Backbones, BackboneSpec}
import org.denseflow.backbone.network.Networks
import org.denseflow.jobs.evaluate.EvaluateCommand

/** The backbone that comes with the engine is the one its provenance tells of, and as good. */
class ShippedBackboneSuite extends JobSuite {
  private def resource(name: String): Array[Byte] = {
    val in = classOf[Networks].getResourceAsStream(name)
    try in.readAllBytes()
    finally in.close()
  }

  private lazy val provenance: JsonNode = new ObjectMapper().readTree(resource("denseflow_s.json"))

  private def score(dataset: String, protocol: String, name: String, more: String*): Double = {
    val run = out(name)
    assert(flowJob(Seq("--dataset", dataset, "--out", run) ++ more: _*) == 0)
    val scores = Seq("--flows", run, "--dataset", dataset, "--protocol", protocol, "--out", out(name + "-scores"))
    assert(execute(new EvaluateCommand, scores: _*) == (if (more.contains("--limit")) 3 else 0))
    spark.read.option("multiLine", "true").json(out(name + "-scores") + "/summary.json")
      .where("category = 'all' and metric = 'pck@0.10'").head().getAs[Double]("value")
  }

  test("the file is that of its provenance, and small") {
    val bytes = resource("denseflow_s.safetensors")
    val digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
    assert(provenance.get("sha256").asText == digest)
    assert(bytes.length == provenance.get("bytes").asInt && bytes.length <= 4500000)
  }

  test("it is used where no backbone is named, and scores on drawn objects what its provenance says") {
    val value = score(s"cub:$images", "cub/bbox-kp", "drawn")
    assert(math.abs(value - provenance.at("/scores/drawn").asDouble) < 0.01, value)
    val spec = new BackboneSpec("denseflow_s", java.util.List.of(), java.util.Optional.empty())
    assert(Backbones.info(spec).weights == BackboneInfo.Weights.INCLUDED)
  }

  test("on photographs it is far better than gradients") {
    val data = Path.of(Option(System.getenv("DENSEFLOW_SHARED")).getOrElse("../../shared"), "data", "pf-willow")
    assume(Files.exists(data), "shared data absent: pf-willow")
    val some = Seq("--limit", "90")
    val own = score(s"pf-willow:$data", "pf-willow/bbox-kp", "willow", some: _*)
    val gradients = score(s"pf-willow:$data", "pf-willow/bbox-kp", "willow-hog", some ++ Seq("--backbone", "hog"): _*)
    assert(math.abs(own - provenance.at("/scores/pf-willow-first-90").asDouble) < 0.01, own)
    assert(own > gradients + 0.1, s"$own and $gradients")
  }
}
