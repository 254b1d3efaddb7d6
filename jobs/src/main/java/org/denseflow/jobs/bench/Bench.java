package org.denseflow.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.denseflow.backbone.BackboneBench;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.guided.GsfBench;
import org.denseflow.matcher.guided.GuidedMatching;
import org.denseflow.matcher.guided.GuidedParameters;
import org.denseflow.matcher.sfnet.SfnetBench;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures the stages beside their floors: {@code Bench [NAME] [--json FILE] [--baseline FILE]
 * [--images DIR]}.
 */
public final class Bench {
  private static final int GRID = 20;
  private static final int CHANNELS = 1024;
  private static final int BLOCK = 10;

  /** A ratio so many times its baseline is pointed out. */
  private static final double WORSE = 1.25;

  private Bench() {}

  /** Runs all benches, or the one that is named. */
  public static void main(String[] arguments) throws IOException {
    Map<String, Supplier<List<BenchRow>>> benches = new LinkedHashMap<>();
    benches.put("backbone", Bench::backbone);
    benches.put("match", Bench::match);
    benches.put("proposals", () -> new ProposalBench().rows());
    benches.put("decode", Bench::decode);
    benches.put("training", Bench::training);
    benches.put("recurrent", Bench::recurrent);
    benches.put("plan", PlanBench::rows);
    String only = null;
    Path json = null;
    List<BenchRow> baseline = List.of();
    AtomicReference<Path> images = new AtomicReference<>();
    benches.put("synthesis", () -> new SynthesisBench(images.get()).rows());

    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--json") && i + 1 < arguments.length) {
        json = Path.of(arguments[++i]);
      } else if (arguments[i].equals("--baseline") && i + 1 < arguments.length) {
        baseline =
            List.of(
                new ObjectMapper().readValue(Path.of(arguments[++i]).toFile(), BenchRow[].class));
      } else if (arguments[i].equals("--images") && i + 1 < arguments.length) {
        images.set(Path.of(arguments[++i]));
      } else {
        only = arguments[i];
      }
    }

    if (only != null && !benches.containsKey(only)) {
      System.err.printf("Invalid bench: %s, expected one of %s%n", only, benches.keySet());
      System.exit(2);
    }

    List<BenchRow> rows = new ArrayList<>();

    for (Map.Entry<String, Supplier<List<BenchRow>>> bench : benches.entrySet()) {
      if (only == null || only.equals(bench.getKey())) {
        rows.addAll(bench.getValue().get());
      }
    }

    print(rows, baseline);

    if (json != null) {
      Files.writeString(
          json,
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(rows));
    }
  }

  private static List<BenchRow> backbone() {
    List<BenchRow> rows = new ArrayList<>();

    for (String name : List.of("resnet50_v2", "denseflow_s")) {
      try (BackboneBench bench = new BackboneBench(name)) {
        double floor = bench.convolutionMillis(Stopwatch::bestMillis);

        for (int batch : new int[] {1, 4}) {
          rows.add(
              BenchRow.of(
                  "%s to %s, 320x320, batch %d, per image (floor: its convolutions alone)"
                      .formatted(name, bench.tap(), batch),
                  Stopwatch.bestMillis(() -> bench.describe(batch)) / batch,
                  "ms",
                  floor));
        }
      }
    }

    return rows;
  }

  private static List<BenchRow> match() {
    List<BenchRow> rows = new ArrayList<>();

    for (int block : new int[] {1, BLOCK}) {
      List<FeatureMap> source = List.of(features());
      List<List<FeatureMap>> targets = new ArrayList<>();

      for (int t = 0; t < block; t++) {
        targets.add(List.of(features()));
      }

      double floor = gemm(block) / block;
      String shape = "20x20 cells, 1024 channels, block of " + block + ", per pair (floor: GEMM)";

      try (BlockCorrelation correlation = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT)) {
        readOuts()
            .forEach(
                (name, readOut) -> {
                  double millis =
                      Stopwatch.bestMillis(() -> correlation.correlate(source, targets, readOut));
                  rows.add(BenchRow.of(name + ", " + shape, millis / block, "ms", floor));
                });
      }
    }

    return rows;
  }

  private static Map<String, Consumer<CorrelationVolume>> readOuts() {
    GuidedParameters guided =
        new GuidedParameters(List.of(6.0, 4.0, 3.0, 2.0), List.of(6.0, 5.0, 4.0, 3.0), 20);
    Map<String, Consumer<CorrelationVolume>> readOuts = new LinkedHashMap<>();
    readOuts.put("correlation", volume -> {});
    readOuts.put("guided", new GuidedMatching(guided)::read);
    readOuts.put("gsf, pruning network", GsfBench.pruning(guided)::read);
    readOuts.put("gsf, both networks", GsfBench.both(guided)::read);
    return readOuts;
  }

  private static List<BenchRow> training() {
    try (SfnetBench bench = new SfnetBench()) {
      double rate = bench.productFlops() / Stopwatch.bestMillis(bench.product());
      return List.of(
          BenchRow.of(
              "sfnet step, 20x20x1024, one 3x3 unit, 4 pairs (floor: its convolutions at GEMM rate)",
              Stopwatch.bestMillis(bench::step),
              "ms",
              bench.convolutionFlops() / rate));
    }
  }

  private static List<BenchRow> recurrent() {
    return RecurrentCost.rows(gemmFlops() / gemm(BLOCK));
  }

  private static double gemmFlops() {
    return 2.0 * GRID * GRID * GRID * GRID * BLOCK * CHANNELS;
  }

  private static List<BenchRow> decode() {
    Random random = new Random(2);
    byte[] pixels = new byte[500 * 375 * 3];

    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (128 + 60 * Math.sin(i / 900.0) + random.nextInt(20));
    }

    byte[] jpeg = ImageEncoder.jpeg(new RgbImage(500, 375, pixels), 0.9f);
    double own = Stopwatch.bestMillis(() -> decode(jpeg));
    double floor = Stopwatch.bestMillis(() -> imageIo(jpeg));
    return List.of(BenchRow.of("decode a 500x375 JPEG (floor: ImageIO alone)", own, "ms", floor));
  }

  private static void decode(byte[] bytes) {
    try {
      ImageDecoder.decode(bytes, ImageLimits.DEFAULT);
    } catch (ImageException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void imageIo(byte[] bytes) {
    try {
      ImageIO.read(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double gemm(int block) {
    INDArray a = Nd4j.rand(GRID * GRID, CHANNELS);
    INDArray b = Nd4j.rand(block * GRID * GRID, CHANNELS);
    INDArray c = Nd4j.create(GRID * GRID, block * GRID * GRID);
    return Stopwatch.bestMillis(
        () ->
            Nd4j.exec(
                DynamicCustomOp.builder("matmul")
                    .addInputs(a, b)
                    .addOutputs(c)
                    .addIntegerArguments(0, 1, 0)
                    .build()));
  }

  private static FeatureMap features() {
    INDArray values = Nd4j.rand(GRID * GRID, CHANNELS).subi(0.5);
    values.diviColumnVector(values.norm2(true, 1));
    return new FeatureMap("random", GRID, GRID, CHANNELS, values);
  }

  /** A ratio is compared and not a time: the floor was measured on the same machine. */
  private static void print(List<BenchRow> rows, List<BenchRow> baseline) {
    Map<String, Double> before = new HashMap<>();
    baseline.forEach(row -> before.put(row.bench(), row.ratio()));
    System.out.printf(
        "%-86s %10s %10s %7s%s%n",
        "", "value", "floor", "ratio", before.isEmpty() ? "" : "  baseline");

    for (BenchRow row : rows) {
      Double ratio = before.get(row.bench());
      System.out.printf(
          Locale.ROOT,
          "%-86s %7.2f %s %7.2f %s %7.2f%s%n",
          row.bench(),
          row.value(),
          row.unit(),
          row.floor(),
          row.unit(),
          row.ratio(),
          ratio == null
              ? ""
              : "%10.2f%s".formatted(ratio, row.ratio() > WORSE * ratio ? "  WORSE" : ""));
    }
  }
}
