package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.backbone.Backbone;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.NativeArrays;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.style.CodecLearner;
import org.denseflow.style.StyleWeights;
import org.denseflow.training.Examples;
import org.denseflow.training.Learner;
import org.denseflow.training.TrainingPair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains SAM-Net: its matching, as {@link RtnLearner} does, and its decoder; backbone and encoder
 * are frozen. The droplinks of a pair are drawn once, from its name, so that a training can be
 * repeated (our choice).
 */
public final class SamLearner implements Learner {
  static final String SYSTEM = "samnet";

  private final RtnParameters rtn;
  private final SamParameters sam;
  private final RtnLearner matching;
  private final StyleWeights codec;
  private final SamShape shape;
  private final Size grid;

  /**
   * Makes a learner; the backbone belongs to it.
   *
   * @param size every view is resized to it
   * @param codec file of a style network with its decoder
   * @throws org.denseflow.weights.WeightException if they do not fit
   */
  public SamLearner(
      RtnParameters rtn, SamParameters sam, Backbone backbone, WorkingSize size, Path codec) {
    if (rtn.coarsePasses() > 0) {
      throw new IllegalArgumentException(
          "Invalid coarse-passes: samnet has one grid, found " + rtn.coarsePasses());
    }

    this.rtn = rtn;
    this.sam = sam;
    this.codec = StyleWeights.read(codec).requireDecoder();
    this.matching = new RtnLearner(rtn, SYSTEM, backbone, size);
    this.grid = matching.grid();
    this.shape = SamGraph.shape(rtn, sam, this.codec.shape(), matching.channels());
  }

  @Override
  public List<Input> inputs() {
    List<Input> inputs = new ArrayList<>(matching.inputs());
    inputs.add(image("source.image"));
    inputs.add(image("target.image"));
    inputs.add(new Input("links", DataType.FLOAT, links()));
    return inputs;
  }

  private Input image(String name) {
    Size pixels = shape.pixels(grid);
    return new Input(name, DataType.FLOAT16, pixels.height(), pixels.width(), 3);
  }

  private int links() {
    return rtn.passes() * shape.style().links();
  }

  @Override
  public String exampleKind() {
    return "samnet %s scale %d, %d links of %s"
        .formatted(matching.exampleKind(), sam.scale(), links(), sam.droplink());
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    return Examples.of(
        example -> {
          example.putAll(matching.prepare(pair));
          example.put("source.image", pixels(pair.source()));
          example.put("target.image", pixels(pair.target()));
          example.put("links", CodecLearner.links(pair.id(), links(), sam.droplink()));
        });
  }

  private INDArray pixels(RgbImage image) {
    return NativeArrays.cast(CodecLearner.pixels(image, shape.pixels(grid)), DataType.FLOAT16);
  }

  @Override
  public TrainingGraph graph(GraphMode mode, DataType type, long seed) {
    return new SamGraph(rtn, sam, shape, grid, mode, type).build(codec.arrays(seed), seed);
  }

  @Override
  public Map<String, String> modelMetadata() {
    Map<String, String> stated = new TreeMap<>(matching.modelMetadata());
    stated.putAll(shape.metadata());
    return stated;
  }

  @Override
  public void close() {
    matching.close();
  }
}
