package org.denseflow.jobs.report

import java.nio.file.{Files, Path}
import java.util.{List => JavaList, Map => JavaMap}
import org.denseflow.jobs.JobSuite
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.masks.MaskTransferCommand
import scala.jdk.CollectionConverters._

class GallerySuite extends JobSuite {
  private def reportJob(arguments: String*): Int = execute(new ReportCommand, arguments: _*)

  /** A run with a broken image, its scores, and its gallery. */
  private lazy val gallery: Path = {
    val set = work.resolve("with-broken")
    copy(images, set)
    Files.writeString(set.resolve("images/001.car/car_4.png"), "no image")
    val run = out("report-run")
    assert(flowJob("--dataset", s"cub:$set", "--out", run, "--max-failed-fraction", "0.2") == 0)
    val scores = out("report-scores")
    assert(
      execute(
        new EvaluateCommand,
        "--flows", run, "--dataset", s"cub:$set", "--protocol", "cub/bbox-kp", "--out", scores
      ) == 3
    )
    assert(reportJob("--run", run, "--scores", scores) == 0)
    Path.of(run, "report")
  }

  test("a gallery has one page, its data, and each image once") {
    val page = Files.readString(gallery.resolve("index.html"))
    assert(!page.contains("http://") || page.indexOf("http://") == page.indexOf("http://www.w3.org/2000/svg"))
    assert(!page.contains("https://"))
    val data = Files.readString(gallery.resolve("data/0.js"))
    assert(data.contains("image.unknown-format") && data.contains("full colour"))
    assert(listed(gallery.resolve("images")).size == 11, "12 images, one of them broken")
    assert(page.contains("pck@0.10") && page.contains("matching score"))
  }

  test("a browser opens it without an error; filters, order, keys and alternative texts work") {
    assume(Chromium.program.isDefined, "no Chromium on this machine")
    val probe = Chromium.probe(
      gallery.resolve("index.html"),
      """
      const press = key => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
      const set = (id, value) => { const e = document.getElementById(id); e.value = value;
        e.dispatchEvent(new Event('change')); e.dispatchEvent(new Event('input')); };
      const count = () => document.getElementById('count').textContent;
      note('all', count());
      set('status', 'failed'); note('failed', count());
      note('reason', document.querySelector('.row').textContent);
      set('status', ''); set('category', '002.' + document.querySelectorAll('#category option')[2].value.slice(4));
      note('category', count());
      document.getElementById('clear').click(); note('cleared', count());
      set('find', 'car_1.png--'); note('found', count()); set('find', '');
      set('score', document.querySelector('#score option').value); set('order', 'worst');
      const first = shown[0][4][0], last = shown.filter(p => p[4][0] !== null).pop()[4][0];
      note('ordered', first <= last);
      document.querySelector('#histogram rect[height="90"]').dispatchEvent(new Event('click'));
      note('bar', shown.length > 0 && shown.length < pairs.length);
      document.getElementById('clear').click();
      press('j'); press('ArrowDown'); note('selected', selected);
      press('Enter'); note('open', document.getElementById('detail').open);
      press('ArrowRight'); note('title', document.getElementById('detail-title').textContent);
      document.getElementById('close').click();
      press('End'); note('end', selected + 1 === shown.length);
      note('alt', [...document.querySelectorAll('img:not(.above)')].every(i => i.alt.length > 5));
      """
    )
    val visit = Chromium.visit(probe)
    assert(visit.console.isEmpty, visit.console.mkString("\n"))
    def noted(key: String): String =
      s"""data-$key="([^"]*)"""".r.findFirstMatchIn(visit.document).map(_.group(1)).getOrElse("nothing")
    assert(noted("all").startsWith("36 of 36 pairs, 6 failed"))
    assert(noted("failed").startsWith("6 of 36"))
    assert(noted("reason").contains("image.unknown-format"))
    assert(noted("category").startsWith("12 of 36"))
    assert(noted("cleared").startsWith("36 of 36"))
    assert(noted("found").startsWith("3 of 36"))
    assert(noted("ordered") == "true" && noted("bar") == "true")
    assert(noted("selected") == "2" && noted("open") == "true")
    assert(noted("title").endsWith("(4 of 36)"))
    assert(noted("end") == "true" && noted("alt") == "true")
  }

  test("ten thousand pairs: only those in view are in the document") {
    assume(Chromium.program.isDefined, "no Chromium on this machine")
    val folder = work.resolve("many")
    val items = (0 until 10000).map { i =>
      val failed = i % 100 == 7
      new GalleryItem(
        f"pair $i%05d <b>", s"class ${i % 20}", if (failed) "made.up" else "", if (failed) "a reason" else "",
        if (failed) JavaMap.of[String, java.lang.Double]() else JavaMap.of[String, java.lang.Double]("score", i / 1e4),
        JavaList.of(new GalleryItem.Panel("source", "wheel.png"), new GalleryItem.Panel("flow", "wheel.png", "", "full colour 3 px"))
      )
    }
    val facts = new Gallery.Facts("many </script>", "", "pairs", JavaMap.of(), "")
    new Gallery(facts, items.asJava, JavaList.of()).write { (name, bytes) =>
      val file = folder.resolve(name)
      Files.createDirectories(file.getParent)
      Files.write(file, bytes)
    }
    assert(listed(folder.resolve("data")).size == 5)
    val probe = Chromium.probe(
      folder.resolve("index.html"),
      """
      note('pairs', pairs.length);
      let most = 0;
      for (let i = 0; i < 400; i++) { select(i * 25); most = Math.max(most, document.querySelectorAll('.row').length); }
      note('most', most); note('last', document.querySelector('.row[aria-selected=true] b').textContent);
      note('heading', document.getElementById('title').textContent);
      """
    )
    val visit = Chromium.visit(probe)
    assert(visit.console.isEmpty, visit.console.mkString("\n"))
    assert(visit.document.contains("data-pairs=\"10000\""))
    val most = "data-most=\"([0-9]+)\"".r.findFirstMatchIn(visit.document).get.group(1).toInt
    assert(most > 2 && most < 30)
    assert(visit.document.contains("data-last=\"pair 09975 &lt;b&gt;\""))
    assert(visit.document.contains("data-heading=\"many &lt;/script&gt;\""))
  }

  test("masks have a gallery of their own; a limit draws entries evenly") {
    val run = out("report-masks")
    assert(
      execute(new MaskTransferCommand, "--dataset", s"cub:$images", "--out", run, "--set", "mask.side=64") == 0
    )
    assert(reportJob("--run", run, "--limit", "4", "--side", "64", "--out", out("masks-gallery")) == 0)
    val data = Files.readString(work.resolve("masks-gallery/data/0.js"))
    assert("soft.jpg".r.findAllIn(data).size == 4 && data.contains("of the vote"))
    assert(Files.readString(work.resolve("masks-gallery/index.html")).contains("\"IoU\""))
  }

  test("bad usage says what is missing") {
    val (code, message) = errorOf(reportJob("--run", out("nowhere")))
    assert(code == 2 && message.contains("it has no run.json"))
    gallery
    val (other, text) = errorOf(reportJob("--run", out("report-run"), "--scores", out("report-run"), "--out", out("x")))
    assert(other == 2 && text.contains("give the output of EvaluateJob"))
  }

  private def listed(folder: Path): Seq[Path] =
    Files.list(folder).iterator().asScala.filterNot(_.getFileName.toString.startsWith(".")).toSeq

  private def copy(from: Path, to: Path): Unit = {
    val walk = Files.walk(from)
    try walk.iterator().asScala.foreach { path =>
      val goal = to.resolve(from.relativize(path).toString)
      if (Files.isDirectory(path)) Files.createDirectories(goal) else Files.copy(path, goal)
    } finally walk.close()
  }
}
