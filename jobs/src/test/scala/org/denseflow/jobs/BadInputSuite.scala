package org.denseflow.jobs

import java.awt.image.BufferedImage
import java.io.{ByteArrayOutputStream, PrintStream}
import java.nio.{ByteBuffer, ByteOrder}
import java.nio.file.{Files, Path}
import java.util.zip.CRC32
import javax.imageio.ImageIO
import scala.jdk.CollectionConverters._
import org.denseflow.backbone.network.{Network, Networks}
import org.denseflow.jobs.evaluate.EvaluateCommand
import org.denseflow.jobs.flow.DenseFlowCommand
import org.denseflow.weights.{SafetensorsFile, Tensor}

/** Bad input costs its own rows only, each with a code and a reason; bad usage is refused at once. */
class BadInputSuite extends JobSuite {

  private def png: Array[Byte] = encoded("png")
  private def jpeg: Array[Byte] = encoded("jpg")

  private def encoded(format: String): Array[Byte] = {
    val image = new BufferedImage(96, 80, BufferedImage.TYPE_INT_RGB)
    for (y <- 0 until 80; x <- 0 until 96) image.setRGB(x, y, (x * 7 ^ y * 13) * 2654435)
    val bytes = new ByteArrayOutputStream
    ImageIO.write(image, format, bytes)
    bytes.toByteArray
  }

  /** A PNG whose header announces a size that its data do not have. */
  private def header(width: Int, height: Int): Array[Byte] = {
    val bytes = png.clone()
    ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height)
    val crc = new CRC32
    crc.update(bytes, 12, 17)
    ByteBuffer.wrap(bytes).putInt(29, crc.getValue.toInt)
    bytes
  }

  private def flat(width: Int, height: Int): Array[Byte] = {
    val bytes = new ByteArrayOutputStream
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", bytes)
    bytes.toByteArray
  }

  private def half(bytes: Array[Byte]): Array[Byte] = bytes.take(bytes.length / 2)

  /** Name, bytes, and the code its rows must carry; an empty code means that the image is fine. */
  private lazy val imageCases: Seq[(String, Array[Byte], String)] = Seq(
    ("empty.png", Array.emptyByteArray, "image.empty"),
    ("one-byte.png", Array[Byte](1), "image.unknown-format"),
    ("text.jpg", "not an image".getBytes, "image.unknown-format"),
    ("html.jpg", "<html><body>404</body></html>".getBytes, "image.unknown-format"),
    ("pdf.png", "%PDF-1.7\n".getBytes, "image.unknown-format"),
    ("half.png", half(png), "image.truncated"),
    ("half.jpg", half(jpeg), "image.truncated"),
    ("most.jpg", jpeg.dropRight(40), "image.truncated"),
    ("signature.png", png.take(8), "image.truncated"),
    ("soi.jpg", jpeg.take(2), "image.truncated"),
    ("bomb-60000.png", header(60000, 60000), "image.too-many-pixels"),
    ("bomb-30000.png", header(30000, 30000), "image.too-many-pixels"),
    ("wide-header.png", header(100000, 1), "image.too-many-pixels"),
    ("zero-header.png", header(0, 10), "image.corrupt"),
    ("negative-header.png", header(-5, 10), "image.corrupt"),
    ("one-pixel.png", flat(1, 1), ""),
    ("20000x1.png", flat(20000, 1), ""),
    ("1x20000.png", flat(1, 20000), ""),
    ("black.png", flat(64, 64), ""),
    ("png-named.jpg", png, ""),
    ("jpeg-named.png", jpeg, "")
  )

  test("a bad image fails its own pairs with a code and a reason; all others are computed") {
    val folder = Files.createDirectories(work.resolve("bad"))
    Files.write(folder.resolve("good.png"), png)
    imageCases.foreach { case (name, bytes, _) => Files.write(folder.resolve(name), bytes) }
    Files.createDirectories(folder.resolve("folder.png"))
    val cases =
      imageCases.map(c => c._1 -> c._3) ++ Seq(
        "folder.png" -> "image.directory",
        "absent.png" -> "image.missing",
        "nosuch://host/scheme.png" -> "image.invalid-uri"
      )
    val lines = cases.flatMap { case (name, _) => Seq(s"good.png,$name", s"$name,good.png") }
    val list = folder.resolve("pairs.csv")
    Files.write(list, ("source,target" +: lines :+ "good.png,good.png").asJava)
    val run = out("bad-run")
    val (early, missing) = errorOf(flowJob("--dataset", s"pairs:$list", "--out", run))
    val enough = s"--max-failed-fraction ${math.ceil(4000.0 / (lines.size + 1)) / 1000}"
    assert(early == 2 && missing.contains("absent.png") && missing.contains(enough), missing)
    assert(!Files.exists(Path.of(run)), "nothing is computed where files are missing")
    assert(flowJob("--dataset", s"pairs:$list", "--out", run, "--max-failed-fraction", "1") == 0)
    val rows = flows(run).collect()
    assert(rows.length == 2 * cases.length + 1)

    for (row <- rows) {
      val names = Seq("source", "target").map(c => Path.of(row.getAs[String](c)).getFileName.toString)
      val expected = names.flatMap(n => cases.find(_._1.endsWith(n))).map(_._2).find(_.nonEmpty)
      val code = Option(row.getAs[String]("error_code"))
      assert(code == expected, s"$names: ${row.getAs[String]("error_detail")}")

      if (expected.isDefined) {
        val culprit = names.find(n => cases.exists(c => c._1.endsWith(n) && c._2.nonEmpty)).get
        assert(row.getAs[String]("error_detail").contains(culprit))
        assert(row.getAs[Array[Byte]]("flow") == null)
      } else {
        assert(row.getAs[Array[Byte]]("flow").length == 20 * 20 * 8)
      }
    }

    assert(
      flowJob("--dataset", s"pairs:$list", "--out", run, "--resume", "--max-failed-fraction", "0.1") == 3
    )
  }

  private def weights(name: String)(tensors: (String, Tensor)*): String = {
    val path = work.resolve(name)
    SafetensorsFile.write(path, tensors.toMap.asJava, java.util.Map.of())
    path.toString
  }

  private def file(name: String, bytes: Array[Byte]): String =
    Files.write(work.resolve(name), bytes).toString

  private def refused(expected: String, arguments: String*): Unit = {
    val text = new ByteArrayOutputStream
    val stderr = System.err
    System.setErr(new PrintStream(text, true))
    val code =
      try flowJob(arguments: _*)
      finally System.setErr(stderr)
    assert(code == 2, text)
    assert(text.toString.contains(expected), text)
  }

  private def net(path: String, more: String*): Seq[String] =
    Seq(
      "--dataset", s"cub:$images", "--out", out("refused"), "--backbone", "squeezenet1_1", "--weights", path
    ) ++ more

  test("weights that do not fit are refused before anything is computed") {
    val one = new Tensor(Array(1), Array(1f))
    val zeros = Network.tensorsOf(Networks.named("squeezenet1_1").nodes).asScala.toSeq.map {
      case (name, shape) => name -> new Tensor(shape, new Array[Float](shape.product))
    }
    val nan = Path.of(weights("nan.safetensors")(zeros: _*))
    val bytes = Files.readAllBytes(nan)
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN)
    Files.write(nan, bytes)
    refused("features.9.squeeze.weight holds NaN at index", net(nan.toString): _*)
    val partial = weights("partial.safetensors")("features.0.bias" -> one)
    refused("features.0.bias has shape [1], expected [64]", net(partial): _*)
    refused("missing features.0.weight [64, 3, 3, 3]", net(partial): _*)
    val index = file("shards.index.json", """{"weight_map": {"a": "one.safetensors"}}""".getBytes)
    refused("the shard one.safetensors, which is not beside it", net(index): _*)
    refused("no such file", net(out("absent.safetensors")): _*)
    refused("it is a directory", net(work.toString): _*)
    refused("not safetensors", net(file("text.pth", "hello".getBytes)): _*)
    refused("announces", net(file("short.safetensors", Array[Byte](9, 0, 0, 0, 0, 0, 0, 0, '{')))  : _*)
    val hostile = "\u0080\u0002cos\nsystem\n(S'true'\ntR.".getBytes("ISO-8859-1")
    refused("legacy magic", net(file("hostile.pth", hostile)): _*)
    refused("needs a weight file", "--dataset", s"cub:$images", "--out", out("x"), "--backbone", "vgg16")
  }

  test("bad usage and configuration are refused with what is wrong") {
    val data = Seq("--dataset", s"cub:$images", "--out", out("refused"))
    refused("unknown key guided.sigma", data ++ Seq("--set", "guided.sigma=3"): _*)
    refused("unknown key plann", data ++ Seq("--set", "plann.x=1"): _*)
    refused("expected a whole number", data ++ Seq("--set", "plan.tile-images=many"): _*)
    refused("must be positive", data ++ Seq("--set", "plan.tile-images=0"): _*)
    refused("sides must be 32 to 4096", data ++ Seq("--set", "image.width=3"): _*)
    refused("not of the form key=value", data ++ Seq("--set", "nonsense"): _*)
    refused("Invalid method: magic, expected one of ", data ++ Seq("--method", "magic"): _*)
    refused("Invalid backbone: magic", data ++ Seq("--backbone", "magic"): _*)
    refused("Invalid --limit", data ++ Seq("--limit", "0"): _*)
    refused("Invalid --write: gif", data ++ Seq("--write", "gif"): _*)
    refused("Invalid --max-failed-fraction", data ++ Seq("--max-failed-fraction", "2"): _*)
    refused("Unknown option", data ++ Seq("--nonsense"): _*)
    refused("--dataset LAYOUT:URI, or --source", "--out", out("refused"))
    refused("--dataset LAYOUT:URI, or --source", "--out", out("refused"), "--source", "a.png")
    refused("Missing required option", "--dataset", s"cub:$images")
    refused("Invalid dataset layout: cup", "--dataset", s"cup:$images", "--out", out("refused"))
    refused("nowhere", "--dataset", "folder:/nowhere", "--out", out("refused"))
    refused("broken.conf", data ++ Seq("--config", file("broken.conf", "guided {".getBytes)) : _*)
  }

  test("an object store that does not answer is a failure of the infrastructure, and named") {
    val settings = Map(
      "endpoint" -> "http://127.0.0.1:1",
      "endpoint.region" -> "us-east-1",
      "access.key" -> "testkey",
      "secret.key" -> "testsecret",
      "attempts.maximum" -> "1",
      "retry.limit" -> "0"
    )
    val configuration = spark.sparkContext.hadoopConfiguration
    settings.foreach { case (key, value) => configuration.set(s"fs.s3a.$key", value) }
    val (code, message) =
      try errorOf(flowJob("--dataset", "cub:s3a://unreachable/cub", "--out", out("unreachable")))
      finally settings.keys.foreach(key => configuration.unset(s"fs.s3a.$key"))
    assert(code == ExitCode.INFRASTRUCTURE.code, message)
    assert(message.contains("Cannot look at s3a://unreachable/cub") && message.contains("Connection refused"), message)
    assert(!message.contains("Credentials"), message)
    refused("nosuch", "--dataset", "cub:nosuch://denseflow/cub", "--out", out("no-scheme"))
  }

  test("an evaluation that cannot be done is refused") {
    def evaluate(arguments: String*): Int = execute(new EvaluateCommand, arguments: _*)
    val run = out("evaluated")
    assert(flowJob("--dataset", s"cub:$images", "--out", run, "--limit", "2") == 0)
    val data = Seq("--dataset", s"cub:$images", "--out", out("bad-scores"))
    assert(evaluate(Seq("--flows", run, "--protocol", "pck") ++ data: _*) == 2)
    assert(evaluate(Seq("--flows", out("absent"), "--protocol", "cub/bbox-kp") ++ data: _*) == 2)
    assert(evaluate(Seq("--flows", run, "--protocol", "tss/kit") ++ data: _*) == 2)
    assert(evaluate("--flows", run) == 2)
  }
}
