package org.denseflow.jobs

import java.nio.file.{Files, Path}
import java.util.concurrent.Callable
import org.apache.spark.sql.{DataFrame, SparkSession}
import org.denseflow.jobs.demo.DrawObjectsCommand
import org.denseflow.jobs.flow.DenseFlowCommand
import org.scalatest.BeforeAndAfterAll
import org.scalatest.funsuite.AnyFunSuite

/** Runs jobs as a user would, in one local session, on a small drawn image set. */
abstract class JobSuite extends AnyFunSuite with BeforeAndAfterAll {
  lazy val spark: SparkSession = SparkSession
    .builder()
    .master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "2")
    .getOrCreate()

  lazy val work: Path = Files.createTempDirectory("denseflow-jobs-")

  lazy val images: Path = {
    val folder = work.resolve("images")
    assert(
      execute(
        new DrawObjectsCommand,
        "--out", folder.toString, "--categories", "3", "--images-per-category", "4",
        "--size", "128", "--seed", "5"
      ) == 0
    )
    folder
  }

  def execute(command: Callable[ExitCode], arguments: String*): Int = {
    spark
    JobMain.execute(command, arguments: _*)
  }

  def flowJob(arguments: String*): Int =
    execute(new DenseFlowCommand, Seq("--set", "plan.chunk-pairs=12") ++ arguments: _*)

  /** A job's exit code and what it printed to standard error. */
  def errorOf(code: => Int): (Int, String) = {
    val bytes = new java.io.ByteArrayOutputStream
    val before = System.err
    System.setErr(new java.io.PrintStream(bytes, true))
    try {
      val result = code
      (result, bytes.toString)
    } finally System.setErr(before)
  }

  def out(name: String): String = work.resolve(name).toString

  def flows(run: String): DataFrame =
    spark.read.schema(org.denseflow.jobs.run.FlowTable.SCHEMA).parquet(run + "/flows")
}
