package org.denseflow.jobs

import java.nio.file.{Files, Path}
import java.util.concurrent.Callable
import org.denseflow.jobs.compare.CompareCommand
import org.denseflow.jobs.demo.DrawObjectsCommand
import org.denseflow.jobs.describe.DescribeCommand
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.masks.MaskTransferCommand
import org.denseflow.jobs.projection.ProjectionCommand
import org.denseflow.jobs.report.ReportCommand
import org.denseflow.jobs.flow.DenseFlowCommand
import org.denseflow.jobs.synthesis.SyntheticPairCommand
import org.denseflow.jobs.training.TrainCommand
import org.denseflow.jobs.transfer.AttributeTransferCommand
import picocli.CommandLine
import scala.jdk.CollectionConverters._

/** The commands that the pages show: each is understood, and those that need no trained weights are run. */
class ReadmeSuite extends JobSuite {
  private val jobs: Map[String, () => Callable[ExitCode]] = Map(
    "DenseFlowJob" -> (() => new DenseFlowCommand),
    "DescribeJob" -> (() => new DescribeCommand),
    "CompareJob" -> (() => new CompareCommand),
    "EvaluateJob" -> (() => new EvaluateCommand),
    "MaskTransferJob" -> (() => new MaskTransferCommand),
    "ProjectionJob" -> (() => new ProjectionCommand),
    "ReportJob" -> (() => new ReportCommand),
    "SyntheticPairJob" -> (() => new SyntheticPairCommand),
    "TrainJob" -> (() => new TrainCommand),
    "AttributeTransferJob" -> (() => new AttributeTransferCommand),
    "DrawObjectsJob" -> (() => new DrawObjectsCommand)
  )

  private lazy val pages: Seq[Path] = {
    val manuals = Files.list(Path.of("..", "jobs")).iterator().asScala.filter(_.toString.endsWith(".md")).toSeq.sorted
    val engine = Seq("METHODS.md", "RESULTS.md").map(Path.of("..", "engine", _))
    Path.of("..", "README.md") +: (engine ++ manuals)
  }

  /** A job and its arguments, line after line of the code blocks. */
  private lazy val commands: Seq[(String, Seq[String])] = {
    val text = pages.map(Files.readString(_)).mkString("\n")
    val blocks = "(?s)```[a-z]*\n(.*?)```".r.findAllMatchIn(text).map(_.group(1)).mkString("\n")
    val lines = blocks.replaceAll("\\\\\n", " ").linesIterator.map(_.replaceAll(" #.*", "").trim)
    lines.filter(_.startsWith("scripts/denseflow ")).map { line =>
      assert(!"'[^']*\\$[A-Z][^']*'".r.pattern.matcher(line).find, s"a shell leaves the variable as it is: $line")
      val words = "'[^']*'|\"[^\"]*\"|[^ ]+".r.findAllIn(line).map(_.replaceAll("^['\"]|['\"]$", "")).toSeq.tail
      val from = words.indexWhere(jobs.contains)
      (words(from), words.drop(from + 1).filterNot(_ == "..."))
    }.toSeq
  }

  test("every command of the pages is understood by its job") {
    assert(commands.size >= 10)
    for ((job, arguments) <- commands if arguments.nonEmpty) {
      val parsed = new CommandLine(jobs(job)()).parseArgs(arguments: _*)
      assert(parsed.unmatched.isEmpty, s"$job $arguments")
    }
    for (job <- Seq("DenseFlowJob", "EvaluateJob", "MaskTransferJob", "ReportJob", "TrainJob"))
      assert(commands.exists(_._1 == job), job)
  }

  test("every page that a page leads to is there") {
    for (page <- pages; link <- "\\]\\(([^)#:]+)[^)]*\\)".r.findAllMatchIn(Files.readString(page)).map(_.group(1)))
      assert(Files.exists(page.resolveSibling(link)), s"$page: $link")
  }

  test("the README is short enough to be read") {
    assert(Files.readAllLines(Path.of("..", "README.md")).size <= 150)
  }

  test("the commands of mask transfer and of looking at it run on a drawn set, without trained weights") {
    def here(argument: String): String = argument match {
      case address if address.startsWith("cub:/data/") => s"cub:$images"
      case place if place.startsWith("out/")           => out("readme-" + place.drop(4).replace('/', '-'))
      case other                                       => other
    }
    def withoutWeights(arguments: Seq[String]): Seq[String] = {
      val trained = Set("--weights", "--backbone")
      val at = arguments.indexWhere(trained)
      if (at < 0) arguments else withoutWeights(arguments.patch(at, Nil, 2))
    }
    val run = commands.filter { case (job, arguments) =>
      job == "MaskTransferJob" && !arguments.exists(_.contains("$DATA")) || job == "ReportJob" && arguments.exists(_.startsWith("out/birds"))
    }
    assert(run.map(_._1).toSet == Set("MaskTransferJob", "ReportJob"))
    for ((job, arguments) <- run)
      assert(execute(jobs(job)(), withoutWeights(arguments).map(here): _*) == 0, s"$job $arguments")
    assert(Files.exists(work.resolve("readme-birds/report/index.html")))
  }
}
