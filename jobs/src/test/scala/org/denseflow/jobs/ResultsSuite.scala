package org.denseflow.jobs

import com.fasterxml.jackson.databind.ObjectMapper
import java.nio.file.{Files, Path}
import java.util.concurrent.Callable
import org.denseflow.jobs.bench.ResultsPage
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.flow.DenseFlowCommand
import org.denseflow.schemas.SummaryRow
import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

/** Figures of the results page that are cheap to compute are computed again. */
class ResultsSuite extends JobSuite {
  private val jobs: Map[String, () => Callable[ExitCode]] =
    Map("DenseFlowJob" -> (() => new DenseFlowCommand), "EvaluateJob" -> (() => new EvaluateCommand))

  private lazy val sections =
    ResultsPage.parse(Files.readString(Path.of("..", "engine", "RESULTS.md"))).asScala.toSeq

  test("every figure of the page belongs to an output of its section's commands") {
    assert(sections.size >= 5 && sections.exists(_.isQuick))
    for (section <- sections; figure <- section.figures.asScala) {
      val output = "$OUT/" + figure.output
      assert(section.commands.asScala.exists(_.split(" ").contains(output)), s"${section.title}: $figure")
    }
  }

  test("a figure that another run does not confirm is told") {
    val figure = new ResultsPage.Figure("run", "all", "iou", "0.784")
    def row(value: Double) = new SummaryRow("cub", "guided", "hog", "mask-transfer", "all", "iou", value, 3, 0, 0)
    assert(figure.difference(List(row(0.7841)).asJava).isEmpty)
    assert(figure.difference(List(row(0.7755)).asJava).toScala.exists(_.contains("now 0.7755")))
    assert(figure.difference(List.empty[SummaryRow].asJava).isPresent)
  }

  test("the cheap figures are what the commands give") {
    val data = Path.of(Option(System.getenv("DENSEFLOW_SHARED")).getOrElse("../../shared"), "data")
    assume(Files.exists(data), "shared data absent")
    for (section <- sections if section.isQuick) {
      for (command <- section.commands.asScala) {
        val words = "'[^']*'|[^ ]+".r.findAllIn(command).map(_.replace("'", "")).toSeq
        val arguments = words.drop(2).map(_.replace("$DATA", data.toString).replace("$OUT", work.toString))
        assert(execute(jobs(words(1))(), arguments: _*) == 0, command)
      }
      for (figure <- section.figures.asScala) {
        val summary = work.resolve(figure.output).resolve("summary.json")
        val rows = new ObjectMapper().readValue(summary.toFile, classOf[Array[SummaryRow]]).toList.asJava
        assert(figure.difference(rows).isEmpty, figure.difference(rows))
      }
    }
  }
}
