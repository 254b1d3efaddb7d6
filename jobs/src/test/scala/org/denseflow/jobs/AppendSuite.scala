package org.denseflow.jobs

import java.nio.file.{Files, Path}
import org.denseflow.jobs.compare.CompareCommand
import org.denseflow.schemas.RunManifest
import scala.jdk.CollectionConverters._

/** Pairs of a longer list are added to a finished run: only they are computed, and nothing else changes. */
class AppendSuite extends JobSuite {
  private lazy val whole = {
    val run = out("whole")
    assert(job(run, "--write", "warps") == 0)
    run
  }

  /** The first pairs of the whole list, and then all of them. */
  private def job(run: String, more: String*): Int = flowJob(Seq("--dataset", s"cub:$images", "--out", run) ++ more: _*)

  private def manifest(run: String): RunManifest = RunManifest.parse(Files.readString(Path.of(run, "run.json")))

  /** Names and times of all files of a chunk of each table. */
  private def files(run: String, chunk: String): Map[String, Long] = {
    val walk = Files.walk(Path.of(run))
    try {
      walk.iterator().asScala.filter(file => file.toString.contains(chunk) && Files.isRegularFile(file))
        .map(file => file.toString -> Files.getLastModifiedTime(file).toMillis).toMap
    } finally walk.close()
  }

  private def delete(path: Path): Unit =
    if (Files.exists(path)) {
      val walk = Files.walk(path)
      try walk.iterator().asScala.toSeq.reverse.foreach(file => Files.delete(file))
      finally walk.close()
    }

  private def sameAsWhole(run: String): Boolean =
    execute(new CompareCommand, "--run", whole, "--with", run, "--tolerance", "0") == 0

  test("only new pairs are computed, in chunks of their own; rows are those of one run over the whole list") {
    val run = out("appended")
    assert(job(run, "--limit", "12", "--write", "warps,flo") == 0)
    val (first, rows) = (files(run, "chunk=00000"), flows(run).select("pair_id", "tile", "chunk").collect().toSet)
    assert(first.size > 3 && rows.size == 12 && manifest(run).chunks == 1)
    val (code, told) = errorOf(job(run, "--append"))
    assert(code == 0 && told.contains("appended: 24 pairs to 12") && told.contains("computed: 24 pairs"), told)
    assert(told.contains("of 24 of 24 pairs"), "only images of new pairs are looked for")
    assert(files(run, "chunk=00000") == first, "what was there is untouched")
    val now = flows(run).select("pair_id", "tile", "chunk").collect().toSet
    assert(now.size == 36 && rows.subsetOf(now))
    assert((now -- rows).forall(row => row.getInt(1) > 0 && row.getInt(2) > 0))
    assert((now -- rows).map(_.getInt(1)).intersect(rows.map(_.getInt(1))).isEmpty, "a tile has a number of its own")
    val after = manifest(run)
    assert(after.count("pairs") == 36 && after.count("append-1") == 24 && after.count("images") == 12 && after.chunks == 3)
    assert(after.input("append-1").matches(s"24 to 12 pairs, at 2[0-9T:-]+Z, of cub:.*") && after.fingerprint == manifest(whole).fingerprint)
    assert(after.tables.asScala.toSet == Set("flows", "warps", "flo") && spark.read.parquet(run + "/warps").count() == 36)
    assert(files(run, "chunk=").keys.count(_.endsWith(".flo")) == 36 && sameAsWhole(run))
    val (again, nothing) = errorOf(job(run, "--append"))
    assert(again == 0 && nothing.contains("resumed: 3 of 3 chunks") && nothing.contains("computed: 0 pairs"), nothing)
    assert(job(run, "--retry-failed") == 0 && job(run, "--limit", "12", "--resume") == 2, "it is the run of the longer list")
  }

  test("cut off, it is continued, and until then the run is as before or unfinished") {
    val run = out("cut-off")
    assert(job(run, "--limit", "12", "--write", "warps") == 0)
    val before = Files.readString(Path.of(run, "run.json"))
    assert(job(run, "--append") == 0)
    def cut(chunks: Int*): Unit = {
      for (chunk <- chunks; table <- Seq("flows", "warps")) delete(Path.of(run, table, f"chunk=$chunk%05d"))
      Seq("run.json", ".run.json.crc").foreach(name => delete(Path.of(run, name)))
    }
    cut(2)
    val kept = files(run, "chunk=00001")
    assert(job(run, "--limit", "20", "--append") == 2 && !Files.exists(Path.of(run, "run.json")))
    val (code, told) = errorOf(job(run, "--append"))
    assert(code == 0 && told.contains("resumed: 2 of 3 chunks") && told.contains("computed: 12 pairs"), told)
    assert(files(run, "chunk=00001") == kept && sameAsWhole(run))
    cut(1, 2)
    Files.writeString(Path.of(run, "run.json"), before)
    val (resumed, said) = errorOf(job(run, "--resume"))
    assert(resumed == 0 && said.contains("resumed: 1 of 3 chunks"), said)
    assert(manifest(run).count("pairs") == 36 && manifest(run).tables.contains("warps") && sameAsWhole(run))
    assert(spark.read.parquet(run + "/warps").count() == 36, "derived tables are those of the run before")
    assert(job(run, "--limit", "12", "--overwrite") == 0 && flows(run).count() == 12)
    assert(!Files.exists(Path.of(run, "append-1.json")))
  }

  test("it is appended to again and again; a list that lacks or changes pairs, and other settings, are refused") {
    val car = images.resolve("images/001.car")
    def row(id: String, from: Int, to: Int, category: String = "car") = s"$id,$car/car_$from.png,$car/car_$to.png,$category"
    def list(rows: String*): String =
      "pairs:" + Files.writeString(work.resolve("list.csv"), ("pair_id,source,target,category" +: rows).mkString("\n"))
    val run = out("again")
    val rows = Seq(row("b", 1, 2), row("c", 2, 3))
    def append(rows: Seq[String], more: String*) =
      errorOf(flowJob(Seq("--dataset", list(rows: _*), "--method", "nn", "--out", run) ++ more: _*))
    assert(append(rows, "--append")._2.contains("no run was begun there"))
    assert(append(rows)._1 == 0)
    assert(append(row("a", 3, 4) +: rows, "--append")._1 == 0)
    val last = row("d", 4, 1) +: row("a", 3, 4) +: rows
    val before = files(run, "chunk=")
    def refused(rows: Seq[String], more: Seq[String], words: String*): Unit = {
      val (code, told) = append(rows, more :+ "--append": _*)
      assert(code == 2 && words.forall(told.contains(_)), told)
      assert(files(run, "chunk=") == before && manifest(run).count("pairs") == 3)
    }
    refused(last.filterNot(_.startsWith("c")), Nil, "its pair c is not in the list")
    refused(last.map(_.replace("c," + car + "/car_2", "c," + car + "/car_1")), Nil, "its pair c is of", "car_2.png", "car_1.png")
    refused(last.init :+ row("c", 2, 3, "bird"), Nil, "its pair c is of", "bird")
    refused(last, Seq("--set", "image.width=96"), "other settings of image.width")
    refused(last :+ row("e", 1, 9), Nil, "car_9.png")
    refused(last, Seq("--overwrite"), "--append")
    assert(append(last, "--append")._1 == 0)
    assert(manifest(run).count("pairs") == 4 && manifest(run).count("append-1") == 1 && manifest(run).count("append-2") == 1)
    assert(flows(run).select("pair_id").collect().map(_.getString(0)).toSet == Set("a", "b", "c", "d"))
    assert(flows(run).select("chunk").distinct().count() == 3 && flows(run).select("tile").distinct().count() == 3)
  }
}
