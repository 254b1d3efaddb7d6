package org.denseflow.jobs.bench;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.hog.HogCells;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.MutualConsistency;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.PixelFlow;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.guided.GuidedMatching;
import org.denseflow.matcher.proposals.HoughVoting;
import org.denseflow.matcher.proposals.RegionExtractor;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.proposals.RegionBox;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The kernels that take the time of a run, by JMH. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBench {
  private static final int CELLS = MatchBench.GRID * MatchBench.GRID;
  private static final int SIDE = 320;
  private static final int WIDTH = 500;
  private static final int HEIGHT = 375;
  private static final int REGIONS = 1000;
  private static final int ALIGNED = 300;
  private static final int PARTS = 3;

  /**
   * What a kernel has to do at least: its floor is the time of a copy of so many bytes, or of a
   * product of so many operations.
   */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface Least {
    /** Of the kernel, in the table. */
    String name();

    /** Read and written, each once. */
    long bytes() default 0;

    /** Multiplications and additions. */
    double flops() default 0;
  }

  private final Random random = new Random(1);

  private final List<FeatureMap> source = List.of(MatchBench.features(MatchBench.CHANNELS));
  private final List<List<FeatureMap>> targets = Collections.nCopies(MatchBench.BLOCK, source);
  private final BlockCorrelation correlation = new BlockCorrelation(BlockCorrelation.Merge.PRODUCT);
  private final CorrelationVolume volume =
      new CorrelationVolume(
          new Size(MatchBench.GRID, MatchBench.GRID),
          new Size(MatchBench.GRID, MatchBench.GRID),
          floats(CELLS * CELLS));
  private final GuidedMatching guided = new GuidedMatching(MatchBench.GUIDED);
  private final RgbImage image = DecodeBench.image();
  private final FloatImage floatImage = Resize.toFloat(image, SIDE, SIDE);
  private final FlowField flow = flow();
  private final HoughVoting voting = new HoughVoting(ProposalBench.VOTING);
  private final List<RegionBox> boxes = ProposalBench.boxes(random, REGIONS);
  private final List<RegionBox> aligned = boxes.subList(0, ALIGNED);
  private final RegionExtractor pooling =
      new RegionExtractor(
          new PoolingParameters(
              PoolingParameters.Kind.ALIGN, PARTS, PoolingParameters.Mean.SUBTRACTED));
  private final float[] geometry = floats(REGIONS * REGIONS);
  private final float[] appearance = new float[REGIONS * REGIONS];

  @Benchmark
  @Least(
      name = "correlation, 20x20x1024, block of 10",
      flops = 2.0 * CELLS * CELLS * MatchBench.CHANNELS * MatchBench.BLOCK)
  public void correlation(Blackhole sink) {
    correlation.correlate(source, targets, sink::consume);
  }

  @Benchmark
  @Least(name = "mutual matches, 20x20 cells", bytes = 4L * CELLS * CELLS)
  public MutualConsistency mutualMatches() {
    return MutualConsistency.of(volume);
  }

  @Benchmark
  @Least(name = "guided read-out, four rounds, 20x20 cells", bytes = 4L * CELLS * CELLS)
  public Match guidedReadOut() {
    return guided.read(volume);
  }

  @Benchmark
  @Least(name = "resize, 500x375 to 320x320", bytes = 3L * WIDTH * HEIGHT + 4L * 3 * SIDE * SIDE)
  public FloatImage resize() {
    return Resize.toFloat(image, SIDE, SIDE);
  }

  @Benchmark
  @Least(
      name = "hog, 320x320, cells of 16",
      bytes = 4L * (3 * SIDE * SIDE + CELLS * HogCells.CHANNELS))
  public HogCells hog() {
    return HogCells.of(floatImage, SIDE / MatchBench.GRID);
  }

  @Benchmark
  @Least(name = "flow in pixels, 20x20 cells to 500x375", bytes = 4L * 2 * WIDTH * HEIGHT)
  public PixelFlow pixelFlow() {
    return PixelFlow.of(flow, new Size(WIDTH, HEIGHT), new Size(WIDTH, HEIGHT));
  }

  /** Bilinear reading of four points a part. */
  @Benchmark
  @Least(
      name = "aligned region features, 300 regions of 3x3x1024",
      bytes = 4L * MatchBench.CHANNELS * (CELLS + ALIGNED * PARTS * PARTS))
  public void alignedRegions() {
    pooling.ofMaps(source, aligned).close();
  }

  /** With a copy of the similarities, which votes replace. */
  @Benchmark
  @Least(name = "hough votes, 1000x1000 regions", bytes = 4L * 3 * REGIONS * REGIONS)
  public float[] houghVotes() {
    System.arraycopy(geometry, 0, appearance, 0, appearance.length);
    voting.score(boxes, boxes, geometry, appearance);
    return appearance;
  }

  private float[] floats(int length) {
    float[] values = new float[length];

    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat();
    }

    return values;
  }

  private FlowField flow() {
    boolean[] valid = new boolean[CELLS];
    Arrays.fill(valid, true);
    return new FlowField(MatchBench.GRID, MatchBench.GRID, floats(2 * CELLS), floats(CELLS), valid);
  }
}
