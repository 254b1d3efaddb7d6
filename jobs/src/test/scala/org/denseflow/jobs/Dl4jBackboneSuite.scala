package org.denseflow.jobs

import java.nio.file.{Files, Path}
import org.deeplearning4j.nn.conf.{ConvolutionMode, NeuralNetConfiguration}
import org.deeplearning4j.nn.conf.inputs.InputType
import org.deeplearning4j.nn.conf.layers.{CnnLossLayer, ConvolutionLayer}
import org.deeplearning4j.nn.graph.ComputationGraph
import org.deeplearning4j.util.ModelSerializer
import org.denseflow.jobs.projection.ProjectionCommand
import org.denseflow.jobs.flow.DenseFlowCommand
import org.denseflow.schemas.RunManifest
import org.nd4j.linalg.activations.Activation
import picocli.CommandLine

/** Backbones that are files of their own, from the command line. */
class Dl4jBackboneSuite extends JobSuite {
  private def layer(stride: Int) =
    new ConvolutionLayer.Builder(5, 5).stride(stride, stride).nOut(16).activation(Activation.TANH).build()

  /** Random convolutions of strides 4 and 4, as ModelSerializer saves them. */
  private lazy val zip = {
    val graph = new ComputationGraph(
      new NeuralNetConfiguration.Builder()
        .seed(3)
        .convolutionMode(ConvolutionMode.Same)
        .graphBuilder()
        .addInputs("image")
        .addLayer("fine", layer(4), "image")
        .addLayer("coarse", layer(4), "fine")
        .addLayer("loss", new CnnLossLayer.Builder().activation(Activation.SOFTMAX).build(), "coarse")
        .setOutputs("loss")
        .setInputTypes(InputType.convolutional(64, 64, 3))
        .build()
    )
    graph.init()
    val file = work.resolve("random net.zip")
    ModelSerializer.writeModel(graph, file.toFile, false)
    file
  }

  private val small = Seq("--method", "nn", "--set", "image.width=128", "--set", "image.height=128", "--limit", "12")

  private def job(run: String, options: String*): Int =
    flowJob(Seq("--dataset", s"cub:$images", "--out", run) ++ small ++ options: _*)

  private def manifest(run: String): RunManifest = RunManifest.parse(Files.readString(Path.of(run, "run.json")))

  test("a file is a backbone, under its name, at its last feature maps or the taps that are asked for") {
    val last = out("last")
    assert(job(last, "--backbone", zip.toString) == 0)
    assert(manifest(last).input("backbone") == "random net.zip")
    assert(manifest(last).input("weight-digest").startsWith("sha256:"))
    assert(flows(last).where("grid_width = 8 and status = 'ok'").count() == 12)
    val fine = out("fine")
    assert(job(fine, "--backbone", s"file:$zip", "--set", "backbone.taps=[fine]") == 0)
    assert(flows(fine).where("grid_width = 32 and status = 'ok'").count() == 12)
    val red = out("red")
    assert(job(red, "--backbone", zip.toString, "--set", "backbone.input.channels=rgb") == 0)
    assert(manifest(red).fingerprint != manifest(last).fingerprint)
  }

  test("its features are projected") {
    val run = out("projection")
    val arguments = Seq("--images", s"$images/images", "--backbone", zip.toString, "--components", "4", "--out", run)
    assert(execute(new ProjectionCommand, arguments ++ small.take(6): _*) == 0)
    assert(job(out("projected"), "--backbone", zip.toString, "--projection", s"$run/projection.safetensors") == 0)
  }

  test("what does not fit is refused by name") {
    val (code, twice) = errorOf(job(out("x"), "--backbone", zip.toString, "--weights", "/a.safetensors"))
    assert(code == 2 && twice.contains("Cannot use --weights with --backbone"), twice)
    val (_, tap) = errorOf(job(out("x"), "--backbone", zip.toString, "--set", "backbone.taps=[fines]"))
    assert(tap.contains("random net.zip has no fines; it has fine (stride 4), coarse (stride 16)"), tap)
    val (_, unknown) = errorOf(job(out("x"), "--backbone", "vgg61"))
    assert(unknown.contains("did you mean vgg16?") && unknown.contains("FILE.zip"), unknown)
  }

  test("the help lists what there is") {
    val help = new CommandLine(new DenseFlowCommand).getUsageMessage.replaceAll("\\s+", "")
    assert(help.contains("denseflow_s,hog,") && help.contains("vgg19,FILE.zip;"), help)
  }
}
