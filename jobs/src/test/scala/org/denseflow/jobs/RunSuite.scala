package org.denseflow.jobs

import java.nio.file.{Files, Path, StandardCopyOption}
import org.denseflow.flow.FloFile
import org.denseflow.jobs.compare.CompareCommand
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.masks.MaskTransferCommand
import org.denseflow.jobs.report.ReportCommand
import org.denseflow.jobs.synthesis.SyntheticPairCommand
import org.denseflow.schemas.RunManifest
import scala.jdk.CollectionConverters._

/** What a run does with its output and its failures, with names of any letters. */
class RunSuite extends JobSuite {
  private val letters = Seq("白い鳥", "黒い鳥", "青い鳥", "100% [a] {b} #1?", "café", "cafe\u0301")

  /** A folder whose own name is a glob pattern, with images of any name. */
  private lazy val birds: Path = {
    val folder = Files.createDirectories(work.resolve("in [1] {x,y}*").resolve("bird"))
    letters.zipWithIndex.foreach { case (name, i) => Files.copy(car(1 + i % 4), folder.resolve(name + ".png")) }
    folder.getParent
  }

  private def car(number: Int): Path = images.resolve(s"images/001.car/car_$number.png")

  private def list(name: String, pairs: (String, String)*): String = {
    val lines = "source,target" +: pairs.map { case (from, to) => s"$from,$to" }
    Files.writeString(work.resolve(name), lines.mkString("\n")).toString
  }

  private def manifest(run: String): RunManifest = RunManifest.parse(Files.readString(Path.of(run, "run.json")))

  private def files(folder: String, ending: String): Seq[Path] = {
    val walk = Files.walk(Path.of(folder))
    try walk.iterator().asScala.filter(_.toString.endsWith(ending)).toList
    finally walk.close()
  }

  test("names of all letters, in folders that are glob patterns: a file for each pair, a gallery, scores, a resumed run") {
    val run = out("run[v1] {a,b}?*")
    val options = Seq("--dataset", s"folder:$birds", "--out", run, "--method", "nn")
    assert(flowJob(options ++ Seq("--write", "flo,png"): _*) == 0)
    val flo = files(run + "/flo", ".flo").map(_.getFileName.toString)
    assert(flo.size == 6 * 5 && flo.distinct.size == flo.size)
    assert(flo.exists(_.contains("白い鳥")) && files(run + "/png", ".png").size == 3 * 30)
    assert(files(run + "/flo", ".flo").forall(file => FloFile.read(Files.readAllBytes(file)).width == 128))
    assert(flowJob(options :+ "--resume": _*) == 0)
    assert(execute(new ReportCommand, "--run", run) == 0)
    val data = Files.readString(Path.of(run, "report/data/0.js"))
    val linked = "\"((pairs|images)/[^\"]+)\"".r.findAllMatchIn(data).map(_.group(1)).toSet
    assert(linked.size == 6 + 3 * 30 && linked.forall(file => Files.exists(Path.of(run, "report", file))))
    assert(linked.forall(file => new java.net.URI(file).getPath == file), "a link needs no escapes")
    assert(execute(new CompareCommand, "--run", run, "--with", run) == 0)
  }

  test("synthetic pairs and masks have outputs of any name too") {
    val pairs = out("pairs [1]*")
    val few = Seq("--images", birds.toString, "--set", "view.width=64", "--set", "view.height=48")
    assert(execute(new SyntheticPairCommand, few ++ Seq("--out", pairs, "--write", "fields"): _*) == 0)
    assert(manifest(pairs).count("pairs") == 6)
    val masks = out("masks {1}?")
    val small = Seq("--set", "image.width=96", "--set", "image.height=96", "--set", "mask.side=64", "--exemplars", "1")
    assert(execute(new MaskTransferCommand, Seq("--dataset", s"cub:$images", "--out", masks) ++ small: _*) == 0)
  }

  test("images that are missing are told before anything is computed") {
    val pairs = list("gone.csv", "gone-1.png" -> "gone-2.png", "gone-2.png" -> "gone-1.png")
    val run = out("gone")
    val (code, message) = errorOf(flowJob("--dataset", s"pairs:$pairs", "--out", run))
    assert(code == 2 && message.contains("2 of the 2 pairs") && message.contains("gone-1.png"), message)
    assert(!Files.exists(Path.of(run)))
    val loose = Seq("--source", car(1).toString, "--target", out("gone.png"), "--out", run)
    val (one, told) = errorOf(flowJob(loose: _*))
    assert(one == 2 && told.contains("no such file") && told.contains("gone.png"), told)
    val (all, _) = errorOf(flowJob("--dataset", s"pairs:$pairs", "--out", run, "--max-failed-fraction", "1"))
    assert(all == 0 && flows(run).where("status = 'failed'").count() == 2)
  }

  test("what failed is computed again once it is mended, the rest is kept") {
    val folder = Files.createDirectories(work.resolve("mend"))
    (1 to 3).foreach(i => Files.copy(car(i), folder.resolve(s"$i.png"), StandardCopyOption.REPLACE_EXISTING))
    Files.writeString(folder.resolve("3.png"), "no image")
    val names = for (a <- 1 to 3; b <- 1 to 3 if a != b) yield s"mend/$a.png" -> s"mend/$b.png"
    val options = Seq("--dataset", s"pairs:${list("mend.csv", names: _*)}", "--write", "flo,warps")
    val run = out("mended")
    val more = Seq("--set", "plan.chunk-pairs=3", "--set", "plan.tile-pairs=2")
    val (code, message) = errorOf(flowJob(options ++ more ++ Seq("--out", run): _*))
    assert(code == 3, message)
    assert(message.contains("4 of 6 pairs failed") && message.contains("--retry-failed"), message)
    assert(message.contains("--max-failed-fraction 0.667") && message.contains("mend/3.png"), message)
    val kept = flows(run).where("status = 'ok'").select("pair_id", "flow").collect().map(_.toSeq.toString).toSet
    Files.copy(car(3), folder.resolve("3.png"), StandardCopyOption.REPLACE_EXISTING)
    val again = options.take(2) ++ more ++ Seq("--out", run, "--retry-failed")
    val (mended, report) = errorOf(flowJob(again: _*))
    assert(mended == 0 && report.contains("retried: 4 failed pairs"), report)
    assert(kept.size == 2 && flows(run).where("status = 'ok'").count() == 6)
    assert(manifest(run).count("failed") == 0 && manifest(run).tables.asScala.toSet == Set("flows", "flo", "warps"))
    assert(files(run + "/flo", ".flo").size == 6 && spark.read.parquet(run + "/warps").count() == 6)
    val fresh = out("mended-fresh")
    assert(flowJob(options ++ more ++ Seq("--out", fresh): _*) == 0)
    assert(execute(new CompareCommand, "--run", fresh, "--with", run) == 0)
    val (idle, nothing) = errorOf(flowJob(again: _*))
    assert(idle == 0 && nothing.contains("retried: 0 failed pairs"), nothing)
    assert(!Files.exists(Path.of(run, "_staged")))
  }

  test("masks that failed are computed again once their images are mended") {
    val folder = Files.createDirectories(work.resolve("mend-masks"))
    val seg = images.resolve("segmentations/001.car")
    Files.writeString(folder.resolve("target.png"), "no image")
    Files.writeString(folder.resolve("exemplar.png"), "no image")
    val rows = Seq(
      s"${car(1)},car,$seg/car_1.png,train", s"exemplar.png,car,$seg/car_2.png,train", s"${car(3)},car,,test", "target.png,car,,test"
    )
    Files.writeString(folder.resolve("images.csv"), ("image,category,mask,split" +: rows).mkString("\n"))
    val run = out("mended-masks")
    val small = Seq("--set", "image.width=96", "--set", "image.height=96", "--set", "mask.side=64", "--out", run)
    def job(more: String*) = execute(new MaskTransferCommand, Seq("--dataset", s"images:$folder") ++ small ++ more: _*)
    val (code, message) = errorOf(job())
    assert(code == 3 && message.contains("1 of 2 targets failed") && message.contains("left out: 1 exemplar,"), message)
    Files.copy(car(4), folder.resolve("target.png"), StandardCopyOption.REPLACE_EXISTING)
    assert(job("--retry-failed") == 0)
    val masks = spark.read.parquet(run + "/masks").where("role = 'target'")
    assert(masks.count() == 2 && masks.where("status = 'ok' and size(exemplars) = 1").count() == 2)
    Files.copy(car(2), folder.resolve("exemplar.png"), StandardCopyOption.REPLACE_EXISTING)
    assert(job("--retry-failed") == 0)
    val both = spark.read.parquet(run + "/masks")
    assert(both.where("role = 'target' and size(exemplars) = 2").count() == 2)
    assert(both.where("role = 'exemplar' and status = 'ok'").count() == 2 && manifest(run).count("failed") == 0)
  }

  test("a run is overwritten on demand only, and what is removed is said") {
    val run = out("overwritten")
    val options = Seq("--dataset", s"cub:$images", "--limit", "2", "--method", "nn", "--out", run)
    assert(flowJob(options ++ Seq("--write", "png"): _*) == 0)
    assert(errorOf(flowJob(options: _*))._2.contains("--overwrite"))
    assert(flowJob(options ++ Seq("--overwrite", "--resume"): _*) == 2)
    val other = options.patch(options.indexOf("nn"), Seq("mutual-nn"), 1)
    val (again, said) = errorOf(flowJob(other :+ "--overwrite": _*))
    assert(again == 0 && said.contains("overwrite: removing contact-sheet.png, flows/") && said.contains("png/"), said)
    assert(manifest(run).input("method") == "mutual-nn" && !Files.exists(Path.of(run, "png")))
    val photo = Files.copy(car(1), Path.of(run, "mine.png"))
    val (kept, why) = errorOf(flowJob(options :+ "--overwrite": _*))
    assert(kept == 2 && why.contains("mine.png") && Files.exists(photo) && manifest(run).count("pairs") == 2, why)
  }

  test("an output that cannot be written is refused before anything is computed") {
    val file = Files.writeString(work.resolve("a-file"), "").resolve("below").toString
    val run = out("to-score")
    assert(flowJob("--dataset", s"cub:$images", "--limit", "2", "--method", "nn", "--out", run) == 0)
    val jobs: Seq[(String, () => Int)] = Seq(
      "flows" -> (() => flowJob("--dataset", s"cub:$images", "--out", file)),
      "masks" -> (() => execute(new MaskTransferCommand, "--dataset", s"cub:$images", "--out", file)),
      "pairs" -> (() => execute(new SyntheticPairCommand, "--images", s"$images/images", "--out", file)),
      "report" -> (() => execute(new ReportCommand, "--run", run, "--out", file)),
      "scores" -> (() =>
        execute(new EvaluateCommand, "--flows", run, "--dataset", s"cub:$images", "--protocol", "cub/bbox-kp", "--out", file))
    )
    jobs.foreach { case (name, job) =>
      val (code, message) = errorOf(job())
      assert(code == 2 && message.contains(s"Cannot write to file:$file"), s"$name: $message")
      assert(!message.contains("done:") && !message.contains("described"), s"$name: $message")
    }
    val (code, message) = errorOf(execute(new CompareCommand, "--run", out("nowhere"), "--with", run))
    assert(code == 2 && message.contains("there is no such table"), message)
  }

  test("what a dataset leaves out is told before anything is computed") {
    val folder = Files.createDirectories(work.resolve("albums").resolve("birds"))
    Seq("p0.png", "p1.png").foreach { name =>
      Files.copy(images.resolve("images").resolve("001.car").resolve("car_1.png"), folder.resolve(name))
    }
    Files.write(folder.resolve("IMG_0001.HEIC"), Array[Byte](1))
    Files.copy(folder.resolve("p0.png"), folder.getParent.resolve("in-the-root.png"))
    val (code, message) =
      errorOf(flowJob("--dataset", s"folder:${folder.getParent}", "--method", "nn", "--dry-run", "--out", out("albums-run")))
    assert(code == 0, message)
    Seq("IMG_0001.HEIC", "convert", "in-the-root.png").foreach(word => assert(message.contains(word), message))
  }

  test("--seed is refused where nothing is drawn at random") {
    Seq("nn", "guided").foreach { method =>
      assert(flowJob("--dataset", s"cub:$images", "--method", method, "--seed", "3", "--out", out("seeded")) == 2)
    }
  }

  test("the manifest says which version computed a run, which determines no row") {
    val run = out("to-look-at")
    assert(flowJob("--dataset", s"cub:$images", "--limit", "2", "--method", "nn", "--out", run) == 0)
    val versions = manifest(run).versions.asScala
    assert(versions.exists(_.matches("denseflow [0-9]+\\.[0-9]+\\.[0-9]+.*")), versions)
    assert(versions.exists(_.matches("native [a-z]+-[a-z0-9_]+ avx[0-9]+")), versions)
    assert(versions.contains("results flows 2, warps 1, flo 1, png 1, nn 2, plan 2"), versions)
    val begun = Path.of(run, "plan.fingerprint")
    Files.writeString(begun, Files.readString(begun).replace("nn 2", "nn 0"))
    Files.deleteIfExists(Path.of(run, ".plan.fingerprint.crc"))
    val options = Seq("--dataset", s"cub:$images", "--limit", "2", "--method", "nn", "--out", run)
    val (code, message) = errorOf(flowJob(options :+ "--resume": _*))
    assert(code == 2 && message.contains("nn 0, plan 2; now") && message.contains("--overwrite"), message)
  }
}
