package org.denseflow.jobs

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import java.nio.file.{Files, Path}
import org.apache.spark.sql.functions.{col, lit}
import org.denseflow.jobs.compare.CompareCommand
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.masks.MaskTransferCommand
import org.denseflow.jobs.synthesis.SyntheticPairCommand
import org.denseflow.jobs.training.TrainCommand
import scala.jdk.CollectionConverters._

/** CompareJob on small runs of each job: the same run twice, and another. */
class CompareSuite extends JobSuite {
  private lazy val nn = run("nn", "--method", "nn", "--limit", "6")

  private def run(name: String, arguments: String*): String = {
    val folder = out(name)
    assert(flowJob(Seq("--dataset", s"cub:$images", "--out", folder) ++ arguments: _*) == 0)
    folder
  }

  /** The exit code, and what comparison.json says. */
  private def compare(run: String, other: String, arguments: String*): (Int, JsonNode) = {
    val folder = out("comparison-" + System.nanoTime)
    val code = execute(new CompareCommand, Seq("--run", run, "--with", other, "--out", folder) ++ arguments: _*)
    (code, new ObjectMapper().readTree(Files.readAllBytes(Path.of(folder, "comparison.json"))))
  }

  private def differing(json: JsonNode, table: String): Set[String] = {
    val columns = json.get("tables").get(table).get("columns")
    columns.fieldNames.asScala.filter(columns.get(_).get("differing").asLong > 0).toSet
  }

  test("the same run twice has the same flows, bit for bit, whatever its plan") {
    val again = run("nn-again", "--method", "nn", "--limit", "6", "--set", "plan.tile-pairs=2")
    val (code, json) = compare(nn, again)
    assert(code == 0 && json.get("same").asBoolean && differing(json, "flows").isEmpty, json)
    assert(json.get("tables").get("flows").get("equal").asInt == 6)
    assert(json.get("settings").findValuesAsText("name").asScala.toSet == Set("plan.tile-pairs"), json.get("settings"))
    assert(json.get("ignored").get("flows").asScala.map(_.asText).toSeq == Seq("tile"))
  }

  test("another method has other flows: columns, numbers and settings are told") {
    val mutual = compare(nn, run("mutual", "--method", "mutual-nn", "--limit", "6"))
    assert(mutual._1 == 3 && differing(mutual._2, "flows") == Set("method", "valid"), "mutual-nn has the flow of nn")
    val (code, json) = compare(nn, run("guided", "--method", "guided", "--limit", "6"))
    assert(code == 3 && !json.get("same").asBoolean)
    assert(Set("flow", "confidence", "method").subsetOf(differing(json, "flows")) && !differing(json, "flows").contains("source"))
    val method = json.get("settings").elements.asScala.find(_.get("name").asText == "method").get
    assert(method.get("run").asText == "nn" && method.get("with").asText == "guided")
    assert(json.get("tables").get("flows").get("columns").get("flow").get("greatest").asDouble > 0)
  }

  test("half precision is the same within 1/4096 and not bit for bit") {
    val half = run("half", "--method", "nn", "--limit", "6", "--set", "flows.precision=half")
    val numbers = compare(nn, half, "--ignore", "flow_encoding")
    assert(numbers._1 == 3 && differing(numbers._2, "flows").contains("flow"))
    assert(compare(nn, half, "--ignore", "flows.flow_encoding", "--tolerance", "0.000245")._1 == 0)
  }

  test("rows that one run lacks, or has twice, are named") {
    val fewer = run("fewer", "--method", "nn", "--limit", "4")
    def ids(folder: String) = flows(folder).select("pair_id").collect().map(_.getString(0)).toSet
    val (code, json) = compare(nn, fewer)
    val missing = json.get("tables").get("flows").get("missing")
    assert(code == 3 && missing.get("count").asInt == 2 && missing.get("first").asScala.map(_.asText).toSet == ids(nn) -- ids(fewer))
    assert(compare(fewer, nn)._2.get("tables").get("flows").get("additional").get("count").asInt == 2)
    val doubled = out("doubled")
    flows(nn).union(flows(nn).limit(1)).write.parquet(doubled + "/flows")
    val named = compare(nn, doubled)
    assert(named._1 == 3 && named._2.get("tables").get("flows").get("twice").get("count").asInt == 1)
  }

  test("masks, which take other times, synthetic pairs, and scores") {
    val small = Seq("--set", "image.width=96", "--set", "image.height=96", "--set", "mask.side=64", "--exemplars", "1")
    val masks = Seq("masks-1", "masks-2").map { name =>
      assert(execute(new MaskTransferCommand, Seq("--dataset", s"cub:$images", "--out", out(name)) ++ small: _*) == 0)
      out(name)
    }
    val (same, json) = compare(masks.head, masks(1))
    assert(same == 0 && json.get("tables").get("masks").get("rows").asInt == 6 + 3, "targets and exemplars")
    val moved = out("masks-moved")
    spark.read.parquet(masks.head + "/masks").withColumn("iou", col("iou") + lit(0.125)).write.parquet(moved + "/masks")
    val (code, told) = compare(masks.head, moved)
    assert(code == 3 && differing(told, "masks") == Set("iou"))
    assert(told.get("tables").get("masks").get("columns").get("iou").get("greatest").asDouble - 0.125 < 1e-9)

    val pairs = Seq("3", "3", "4").zipWithIndex.map { case (seed, i) =>
      val views = Seq("--set", "view.width=64", "--set", "view.height=48", "--write", "fields", "--seed", seed)
      assert(execute(new SyntheticPairCommand, Seq("--images", s"$images/images", "--out", out(s"pairs-$i")) ++ views: _*) == 0)
      out(s"pairs-$i")
    }
    assert(compare(pairs.head, pairs(1))._1 == 0)
    val other = compare(pairs.head, pairs(2))
    assert(other._1 == 3 && differing(other._2, "pairs").contains("target_matrix") && differing(other._2, "images").isEmpty)
    assert(differing(other._2, "fields").contains("source_to_target"))

    val scored = Seq(nn, run("to-score", "--method", "mutual-nn", "--limit", "6")).map { flows =>
      val folder = flows + "-scores"
      execute(new EvaluateCommand, "--flows", flows, "--dataset", s"cub:$images", "--protocol", "cub/bbox-kp", "--out", folder)
      folder
    }
    assert(compare(scored.head, scored.head)._1 == 0)
    val scores = compare(scored.head, scored(1))
    assert(scores._1 == 3 && differing(scores._2, "metrics").exists(_.startsWith("pck@")), scores)
    val (mixed, why) = errorOf(execute(new CompareCommand, "--run", nn, "--with", masks.head))
    assert(mixed == 2 && why.contains("DenseFlowJob") && why.contains("MaskTransferJob"), why)
  }

  test("trainings have the same steps and the same model, or not") {
    val views = Seq("--set", "view.width=96", "--set", "view.height=96", "--preset", "sfnet", "--seed", "3")
    val pairs = Seq("--images", s"$images/images", "--masks", s"$images/segmentations", "--out", out("to-learn"))
    assert(execute(new SyntheticPairCommand, pairs ++ views: _*) == 0)
    def train(name: String, seed: String) = {
      val options = Seq(
        "--preset", "sfnet-compact", "--pairs", out("to-learn"), "--backbone", "hog", "--out", out(name), "--steps", "4",
        "--set", "image.width=96", "--set", "image.height=96", "--set", "sfnet.adapters=[{kernel=1,units=1}]",
        "--set", "training.batch=2", "--set", "averaging.steps=2", "--set", "checkpoint.every=4", "--set", "validation.every=4",
        "--set", "validation.share=0.3", "--cache", out("cache"), "--seed", seed
      )
      assert(execute(new TrainCommand, options: _*) == 0)
      out(name)
    }
    val first = train("trained-1", "5")
    val (code, json) = compare(first, train("trained-2", "5"))
    assert(code == 0 && json.get("tables").get("model.safetensors").get("rows").asInt > 0, json)
    assert(json.get("tables").get("curves").get("columns").has("total") && !json.get("tables").get("curves").get("columns").has("millis"))
    val (other, told) = compare(first, train("trained-3", "6"))
    assert(other == 3 && differing(told, "curves").contains("total") && differing(told, "model.safetensors") == Set("values"))
  }
}
