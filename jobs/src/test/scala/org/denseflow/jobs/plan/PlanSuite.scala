package org.denseflow.jobs.plan

import java.nio.file.{Files, Path}
import org.apache.spark.sql.Row
import org.denseflow.jobs.{JobSuite, UsageException}
import org.denseflow.jobs.dataset.{DatasetException, Datasets, HadoopFileStore, PairSource}
import scala.jdk.CollectionConverters._
import scala.util.Random

class PlanSuite extends JobSuite {
  private val parameters = new PlanParameters(16, 90, 700, Long.MaxValue)

  private def uniform(pairs: Int, images: Int, categories: Int): Seq[PlannedPair] = {
    val random = new Random(1)
    (0 until pairs).map { id =>
      val category = "c" + random.nextInt(categories)
      pair(id, random.nextInt(images), random.nextInt(images), category)
    }
  }

  /** Images by Zipf's law. */
  private def powerLaw(pairs: Int, images: Int): Seq[PlannedPair] = {
    val random = new Random(2)
    def zipf(): Int = (math.exp(random.nextDouble() * math.log(images + 1)) - 1).toInt
    (0 until pairs).map(id => pair(id, zipf(), zipf(), ""))
  }

  private def pair(id: Int, source: Int, target: Int, category: String) =
    new PlannedPair(s"p$id", s"$category/$source.png", s"$category/$target.png", category, "")

  private def rows(pairs: Seq[PlannedPair], partitions: Int) =
    spark.createDataFrame(spark.sparkContext.parallelize(pairs, partitions).map(PairList.row(_): Row), PairList.SCHEMA)

  for (
    (name, pairs) <- Seq(
      "uniform" -> uniform(4000, 300, 3),
      "power law" -> powerLaw(4000, 1000),
      "one target" -> (0 until 2000).map(id => pair(id, id, 7, "")),
      "one pair per image" -> (0 until 1000).map(id => pair(id, 2 * id, 2 * id + 1, "")),
      "one pair many times" -> (0 until 500).map(id => pair(id, 1, 2, "")),
      "names of all kinds" -> (0 until 300).map(id =>
        new PlannedPair(s"p$id", s"\ud83d\ude00${id % 7}", s"\uffee${id % 5} é", "ü", s"m$id"))
    )
  )
    test(s"executors plan as a driver does, for any number of partitions: $name") {
      val held = new Planner(parameters).plan(pairs.asJava).asScala
      for (partitions <- Seq(1, 5)) {
        val query = new PlanQuery(rows(pairs, partitions), pairs.size, parameters)
        try assert(query.tiles.collect().asScala.sortBy(_.id) == held)
        finally query.close()
      }
    }

  test("what a longer list adds is planned after what is there, by executors too") {
    val pairs = uniform(PairList.MOST_HELD + 300, 2000, 2)
    val uris = Seq(out("plan-before"), out("plan-added"))
    val few = PairList.of(rows(pairs.take(200), 1))
    new Planning(spark, few, 200, parameters).write(uris.head)
    val before = new StoredPlan(spark, uris.take(1).asJava)
    assert(before.summary.digest == few.summary.digest)
    val longer = PairList.of(rows(pairs, 4))
    val added = before.added(longer, "a run")
    assert(longer.held.isEmpty && added.held.isEmpty && added.summary.pairs == pairs.size - 200)
    new Planning(spark, added, pairs.size - 200, parameters).after(before).write(uris.last)
    val all = new StoredPlan(spark, uris.asJava)
    assert(all.counts.pairs == pairs.size && all.counts.chunks.asScala.map(_.number) == all.counts.chunks.asScala.indices)
    assert(all.summary.digest == longer.summary.digest)
    val tiles = all.tiles(0, 3).collect().asScala ++ all.tiles(1, 3).collect().asScala
    assert(tiles.map(_.id).distinct.size == tiles.size && tiles.flatMap(_.pairs.asScala).map(_.pairId).distinct.size == tiles.map(_.pairs.size).sum)
    val failure = intercept[UsageException](before.added(few.held.map(held => PairList.of(rows(held.asScala.drop(1).toSeq, 1))).get, "a run"))
    assert(failure.getMessage.contains(s"its pair ${pairs.head.pairId} is not in the list"), failure.getMessage)
  }

  test("a stored plan gives back its tiles, chunk by chunk, and its counts") {
    val tiles = new Planner(parameters).plan(uniform(4000, 300, 3).asJava)
    val uri = out("plan")
    StoredPlan.write(spark, new org.apache.spark.api.java.JavaSparkContext(spark.sparkContext).parallelize(tiles, 3), uri)
    val stored = new StoredPlan(spark, java.util.List.of(uri))
    val held = new HeldPlan(new org.apache.spark.api.java.JavaSparkContext(spark.sparkContext), tiles)
    assert(stored.counts == held.counts)
    assert(stored.counts.pairs == 4000 && stored.counts.mostHeld == 17)
    for (chunk <- held.counts.chunks.asScala; parts <- Seq(1, 3)) {
      assert(stored.tiles(chunk.number, parts).getNumPartitions == math.min(parts, chunk.tiles))
      assert(stored.tiles(chunk.number, parts).collect() == held.tiles(chunk.number, parts).collect())
    }
  }

  private def read(address: String, limit: Long = Long.MaxValue): Seq[PlannedPair] = {
    val files = new HadoopFileStore(spark.sparkContext.hadoopConfiguration)
    val list = new PairListReader(spark, true).read(Datasets.source(address, files, false, 50), limit)
    assert(list.summary.pairs == list.held.get.size)
    list.held.get.asScala.toSeq
  }

  test("lists are CSV, JSON lines, Parquet and folders of them") {
    val text = "id;src;TGT;category;source_mask\nx;a.png;/b.png;bird;m.png\n;a.png;c d.png;;\n"
    val expected = Set(
      new PlannedPair("x", "ROOT/a.png", "/b.png", "bird", "ROOT/m.png"),
      new PlannedPair("a.png--c d.png", "ROOT/a.png", "ROOT/c d.png", "", "")
    )
    def check(address: String, root: Path): Unit = assert(
      read("pairs:" + address).toSet ==
        expected.map(p =>
          new PlannedPair(
            p.pairId,
            p.source.replace("ROOT", root.toString),
            p.target.replace("ROOT", root.toString),
            p.category,
            p.mask.replace("ROOT", root.toString)
          )
        )
    )
    val folder = Files.createDirectories(work.resolve("lists [1]"))
    Files.writeString(folder.resolve("list.csv"), text)
    check(s"$folder/list.csv", folder)
    val parts = Files.createDirectories(folder.resolve("parts"))
    Files.writeString(parts.resolve("part-0.csv"), text)
    check(parts.toString, parts)
    val csv = spark.read.option("__globPaths__", "false").option("header", "true").option("sep", ";").csv(parts.toString)
    for (format <- Seq("parquet", "json")) {
      val written = folder.resolve(format)
      csv.write.format(format).save(written.toString)
      check(written.toString, written)
      val file = Files.list(written).iterator.asScala.find(_.toString.endsWith(format)).get
      val moved = Files.copy(file, folder.resolve("list." + (if (format == "json") "jsonl" else format)))
      check(moved.toString, folder)
    }
  }

  test("a table that is no pair list is refused by its column or file") {
    val folder = Files.createDirectories(work.resolve("wrong"))
    def refused(name: String, text: String): String = {
      val list = folder.resolve(name)
      Files.writeString(list, text)
      intercept[DatasetException](read("pairs:" + list)).getMessage
    }
    assert(refused("a.jsonl", """{"source": "a", "target": "b", "goal": "b"}""").contains("column goal: unknown"))
    assert(refused("b.jsonl", """{"source": "a"}""").contains("no column target"))
    assert(refused("c.jsonl", "{\"source\": \"a\", \"target\": \"b\"}\n{\"source\": \"a\"}").contains("c.jsonl has source 'a'"))
    assert(refused("d.txt", "source,target\n").contains(".jsonl"))
  }

  test("ids that a table has twice are numbered") {
    val list = work.resolve("twice.jsonl")
    Files.writeString(list, """{"pair_id":"x","source":"b","target":"a"}
{"pair_id":"x","source":"a","target":"b"}
{"source":"c","target":"b"}
""")
    assert(read("pairs:" + list).map(_.pairId).toSet == Set("x", "x#2", "c--b"))
    assert(read(s"pairs:$list?directions=both").size == 4)
    assert(read("pairs:" + list, 2).size == 2)
  }

  test("a folder's or list's images are crossed by executors, to the pairs that the layout has") {
    val files = new HadoopFileStore(spark.sparkContext.hadoopConfiguration)
    val address = s"folder:$images/images"
    val crossed = Datasets.source(address, files, false, 35)
    assert(crossed.isInstanceOf[PairSource.Crossed])
    val spread = new PairListReader(spark, false).read(crossed, Long.MaxValue).held.get.asScala.toSet
    assert(spread == Datasets.open(address, files).pairs.asScala.map(PlannedPair.of(_, false)).toSet)
    assert(spread.size == 36)
  }
}
