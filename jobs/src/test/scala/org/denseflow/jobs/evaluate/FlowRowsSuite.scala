package org.denseflow.jobs.evaluate

import scala.jdk.CollectionConverters._

import org.apache.spark.api.java.JavaSparkContext
import org.apache.spark.sql.Row

import org.denseflow.jobs.JobSuite
import org.denseflow.jobs.dataset.{ImagePair, PairAnnotation}
import org.denseflow.jobs.run.FlowTable

/** Joins by pair id: a and b are listed both ways, a and c one way and twice. */
class FlowRowsSuite extends JobSuite {

  private val listed = Seq("ab" -> "a b", "ba" -> "b a", "ac" -> "a c", "ac#2" -> "a c")

  /** The ids of the rows that may serve each pair, the best first. */
  private def served(swapped: Boolean, ids: String*): Map[String, Seq[String]] = {
    val java = JavaSparkContext.fromSparkContext(spark.sparkContext)
    val pairs = listed.map { case (id, names) =>
      val Array(source, target) = names.split(" ")
      new ImagePair(id, source, target, "", PairAnnotation.NONE)
    }
    val rows = ids.map { id =>
      Row.fromSeq(FlowTable.SCHEMA.fieldNames.toSeq.map(name => if (name == "pair_id") id else null))
    }
    val flows = spark.createDataFrame(rows.asJava, FlowTable.SCHEMA)
    FlowRows
      .join(FlowRows.pairs(spark, java.parallelize(pairs.asJava)), flows, swapped, false)
      .collect()
      .asScala
      .toSeq
      .sortBy(_._2)
      .groupMap(_._1.pairId)(joined => Option(joined._3.getAs[String]("pair_id")))
      .map { case (id, found) => id -> found.flatten }
  }

  test("a forward protocol reads each pair's own row") {
    val all = served(false, "ab", "ac#2", "ac/swapped")

    assert(all == Map("ab" -> Seq("ab"), "ba" -> Nil, "ac" -> Nil, "ac#2" -> Seq("ac#2")))
  }

  test("a backward protocol reads a listed pair the other way round before a swapped one") {
    val all = served(true, "ba", "ab/swapped", "ac", "ac/swapped", "ac#2/swapped")

    assert(all("ab") == Seq("ba", "ab/swapped"))
    assert(all("ba") == Nil)
    assert(all("ac") == Seq("ac/swapped", "ac#2/swapped"))
    assert(all("ac#2") == Seq("ac/swapped", "ac#2/swapped"))
  }
}
