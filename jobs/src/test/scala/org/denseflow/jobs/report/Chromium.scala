package org.denseflow.jobs.report

import java.io.File
import java.nio.file.{Files, Path}
import java.util.concurrent.TimeUnit

/** A headless browser, where this machine has one. */
object Chromium {
  private val names = Seq("chromium", "chromium-browser", "google-chrome")

  lazy val program: Option[File] = sys.env
    .getOrElse("PATH", "")
    .split(File.pathSeparator)
    .toSeq
    .flatMap(folder => names.map(new File(folder, _)))
    .find(_.canExecute)

  /** What a page looks like once its scripts have run, and what it wrote to the console. */
  case class Visit(document: String, console: Seq[String])

  def visit(page: Path, options: String*): Visit = {
    val profile = Files.createTempDirectory("denseflow-chromium-")
    val out = Files.createTempFile(profile, "dom", ".html").toFile
    val log = Files.createTempFile(profile, "log", ".txt").toFile
    val command = Seq(
      program.get.toString, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      s"--user-data-dir=${profile.resolve("profile")}", "--enable-logging=stderr",
      "--virtual-time-budget=20000"
    ) ++ options ++ Seq("--dump-dom", page.toUri.toString)
    val process = new ProcessBuilder(command: _*).redirectOutput(out).redirectError(log).start()
    val ended = process.waitFor(240, TimeUnit.SECONDS)
    if (!ended) process.destroyForcibly()
    assert(ended && process.exitValue == 0, Files.readString(log.toPath))
    Visit(
      Files.readString(out.toPath),
      Files.readString(log.toPath).linesIterator.filter(_.contains("CONSOLE")).toSeq
    )
  }

  /** A page beside another one, with a script of the test's at its end. */
  def probe(page: Path, script: String): Path = {
    val text = Files.readString(page).replace(
      "</body>",
      s"<script>addEventListener('load', () => { const wait = () => document.body.dataset.ready ? probe() : setTimeout(wait, 20);" +
        s" const note = (key, value) => { document.body.dataset[key] = value; };" +
        s" function probe() { $script }; wait(); });</script></body>"
    )
    Files.writeString(page.resolveSibling("probe.html"), text)
  }
}
