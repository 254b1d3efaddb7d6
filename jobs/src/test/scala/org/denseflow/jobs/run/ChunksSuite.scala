package org.denseflow.jobs.run

import java.io.{OutputStream, PrintStream}
import java.util.concurrent.{ConcurrentLinkedQueue, CountDownLatch, TimeUnit}
import org.apache.spark.TaskContext
import org.apache.spark.sql.SparkSession
import org.apache.spark.util.LongAccumulator
import org.denseflow.jobs.JobSuite
import scala.jdk.CollectionConverters._

class ChunksSuite extends JobSuite {
  private def compute(chunks: Int, tasks: Int)(chunk: Int => Unit): Unit = {
    val progress =
      new Progress("chunks", new PrintStream(OutputStream.nullOutputStream), new LongAccumulator, new LongAccumulator, chunks)
    val run = new RunDirectory(out("run"), spark.sparkContext.hadoopConfiguration)
    Chunks.compute(spark.sparkContext, run, progress, "flows", chunks, tasks, chunk(_))
  }

  test("a core with nothing left to do in a chunk begins with the next") {
    val session = spark
    compute(chunks = 3, tasks = 6) { chunk =>
      ChunksSuite.runTasks(session, 2) { task =>
        // The first chunk's second task ends once the last chunk has begun.
        if (chunk == 2) ChunksSuite.lastBegun.countDown()
        if (chunk == 0 && task == 1) assert(ChunksSuite.lastBegun.await(60, TimeUnit.SECONDS))
      }
      ChunksSuite.ended.add(chunk)
    }
    assert(ChunksSuite.ended.asScala.toSet == Set(0, 1, 2))
  }

  test("the first failure is told; what has begun is ended, and nothing else is begun") {
    val begun = new ConcurrentLinkedQueue[Int]
    val left = new ConcurrentLinkedQueue[Int]
    val session = spark
    val start = System.nanoTime
    val failure = intercept[IllegalStateException] {
      compute(chunks = 9, tasks = 18) { chunk =>
        begun.add(chunk)
        try {
          if (chunk == 0) throw new IllegalStateException("the disk is full")
          ChunksSuite.runTasks(session, 1)(_ => while (!TaskContext.get().isInterrupted()) Thread.sleep(50))
        } finally left.add(chunk)
      }
    }
    assert(failure.getMessage == "the disk is full")
    assert(begun.size <= 2 && left.size == begun.size, begun)
    assert(System.nanoTime - start < TimeUnit.SECONDS.toNanos(60))
  }

  test("as many chunks are computed at once as keep all cores busy") {
    assert(Chunks.atOnce(1, 10, 160) == 2)
    assert(Chunks.atOnce(16, 10, 160) == 2)
    assert(Chunks.atOnce(100, 10, 160) == 8)
    assert(Chunks.atOnce(4, 3, 1) == 13)
  }
}

private object ChunksSuite {
  val lastBegun = new CountDownLatch(1)
  val ended = new ConcurrentLinkedQueue[Int]

  def runTasks(spark: SparkSession, tasks: Int)(task: Int => Unit): Unit =
    spark.sparkContext.parallelize(0 until tasks, tasks).foreach(task)
}
