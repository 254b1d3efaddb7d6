package org.denseflow.jobs

import java.lang.management.ManagementFactory
import java.nio.file.{Files, Path}
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.TimeUnit
import org.denseflow.jobs.compare.CompareCommand
import org.denseflow.jobs.device.DevicePlugin
import org.denseflow.schemas.RunManifest
import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

/** Runs a job in a process of its own, on a cluster of two workers whose executors are processes too. */
class ClusterSuite extends JobSuite {
  private val flows36 = Seq("--backbone", "hog", "--set", "plan.chunk-pairs=12")

  private lazy val undisturbed = {
    val run = out("undisturbed")
    assert(flowJob(("--dataset" +: s"cub:$images" +: "--out" +: run +: flows36): _*) == 0)
    run
  }

  test("executors that are killed lose no pair") {
    val run = out("killed")
    var executors = Seq.empty[ProcessHandle]
    val code = running(run) { job =>
      while (job.isAlive && !Files.exists(Path.of(run, "flows", "chunk=00000", "_SUCCESS"))) Thread.sleep(50)
      executors = job.children.iterator.asScala.toSeq.filter(isExecutor)
      executors.headOption.foreach(_.destroyForcibly())
    }
    assert(code == 0, logOf(run))
    assert(executors.nonEmpty, "the job ended before an executor could be killed")
    assert(logOf(run).contains("Lost executor"), logOf(run))
    assert(execute(new CompareCommand, "--run", undisturbed, "--with", run, "--tolerance", "0") == 0)
    assert(RunManifest.parse(Files.readString(Path.of(run, "run.json"))).count("pairs") == 36)
  }

  test("executors with a GPU that they cannot compute on end before their first task, and the driver says why") {
    val discovery = Files.writeString(work.resolve("discovery"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n")
    Files.setPosixFilePermissions(discovery, PosixFilePermissions.fromString("rwx------"))
    val run = out("without-device")
    val code = running(
      run,
      "spark.plugins" -> classOf[DevicePlugin].getName,
      "spark.executor.resource.gpu.amount" -> "1",
      "spark.task.resource.gpu.amount" -> "1",
      "spark.worker.resource.gpu.amount" -> "2",
      "spark.worker.resource.gpu.discoveryScript" -> discovery.toString,
      // Of two workers one may have begun its next executor when the other's ends, and Spark counts anew then.
      "spark.master" -> "local-cluster[1,1,1024]",
      "spark.deploy.maxExecutorRetries" -> "1"
    )(_ => ())
    assert(code == ExitCode.INFRASTRUCTURE.code, logOf(run))
    assert(logOf(run).contains("This executor was given GPU 0, but ND4J's back end is for the CPU"), logOf(run))
    assert(!Files.exists(Path.of(run, "run.json")))
  }

  private def logOf(run: String): String = Files.readString(Path.of(run + ".log"))

  /** A job's exit code, with these settings, and this done to it meanwhile. */
  private def running(run: String, settings: (String, String)*)(disturb: Process => Unit): Int = {
    val job = start(run, settings)
    try {
      disturb(job)
      assert(job.waitFor(10, TimeUnit.MINUTES), logOf(run))
      job.exitValue()
    } finally (job.descendants.iterator.asScala.toSeq :+ job.toHandle).foreach(_.destroyForcibly())
  }

  /** Hadoop starts processes too, to set permissions of files. */
  private def isExecutor(child: ProcessHandle): Boolean =
    child.info.command.toScala.exists(_.endsWith("java"))

  private def start(run: String, settings: Seq[(String, String)]): Process = {
    val own = Map(
      "spark.master" -> "local-cluster[2,1,1024]",
      "spark.executor.memory" -> "1g",
      "spark.executor.extraClassPath" -> System.getProperty("java.class.path"),
      // Spark's own way to start executors from a class path instead of its distribution.
      "spark.executorEnv.SPARK_SQL_TESTING" -> "1",
      "spark.executorEnv.SPARK_SCALA_VERSION" -> "2.13",
      "spark.ui.enabled" -> "false"
    )
    val options = (own ++ settings).map { case (key, value) => s"-D$key=$value" }
    val modules = ManagementFactory.getRuntimeMXBean.getInputArguments.asScala.filter(_.startsWith("--add-"))
    val java = Path.of(System.getProperty("java.home"), "bin", "java").toString
    val job = Seq("DenseFlowJob", "--dataset", s"cub:$images", "--out", run) ++ flows36
    val command = Seq(java, "-Xmx1g", "-cp", System.getProperty("java.class.path")) ++ modules ++ options ++ job
    val builder = new ProcessBuilder(command.asJava).redirectErrorStream(true).redirectOutput(Path.of(run + ".log").toFile)
    builder.environment.put("SPARK_HOME", work.toString)
    builder.environment.put("SPARK_LOCAL_IP", "127.0.0.1")
    builder.start()
  }
}
