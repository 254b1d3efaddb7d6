package org.denseflow.jobs

import java.nio.file.{Files, Path, StandardCopyOption}
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.masks.MaskTransferCommand

/** The notebooks on runs of a drawn set; their tables as JSON lines, so that numpy is all they need. */
class NotebookSuite extends JobSuite {
  private lazy val hasPython: Boolean =
    try new ProcessBuilder("python3", "-c", "import numpy").start().waitFor() == 0
    catch { case _: java.io.IOException => false }

  private def asJson(run: String, table: String, files: String*): String = {
    val to = Path.of(run + "-json")
    spark.read.parquet(s"$run/$table").write.option("ignoreNullFields", false).json(s"$to/$table")
    for (file <- files) Files.copy(Path.of(run, file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING)
    to.toString
  }

  test("every notebook but that of training runs from top to bottom") {
    assume(hasPython, "python3 with numpy is absent")
    val run = out("notebook-run")
    assert(flowJob("--dataset", s"cub:$images", "--out", run) == 0)
    val scores = out("notebook-scores")
    val protocol = Seq("--dataset", s"cub:$images", "--protocol", "cub/bbox-kp")
    assert(execute(new EvaluateCommand, Seq("--flows", run, "--out", scores) ++ protocol: _*) == 0)
    val masks = out("notebook-masks")
    assert(execute(new MaskTransferCommand, "--dataset", s"cub:$images", "--out", masks, "--set", "mask.side=64") == 0)
    val names = Seq("look_at_flows", "compare_methods", "masks_by_class", "query_with_sql")
    val script = Path.of("..", "notebooks", "run.py").toAbsolutePath.normalize.toString
    val builder = new ProcessBuilder(Seq("python3", "-B", script, "--check") ++ names: _*).redirectErrorStream(true)
    builder.environment.put("RUN", asJson(run, "flows", "run.json"))
    builder.environment.put("SCORES", asJson(scores, "metrics", "summary.json"))
    builder.environment.put("MASKS", asJson(masks, "masks", "run.json", "summary.json"))
    val process = builder.start()
    val text = new String(process.getInputStream.readAllBytes())
    assert(process.waitFor == 0, text)
    assert(text.linesIterator.toSeq == names.map(name => s"ran $name.py"))
  }
}
