package org.denseflow.matcher.recurrent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.denseflow.backbone.Backbone;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.MethodConfig.WorkingSize;
import org.denseflow.training.GridSize;
import org.denseflow.training.Learner;
import org.denseflow.training.Mode;
import org.denseflow.training.TrainingGraph;
import org.denseflow.training.TrainingPair;
import org.denseflow.transfer.StyleCodec;
import org.denseflow.transfer.StyleNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
  private final Map<String, INDArray> codec;
  private final GridSize grid;
  private final int channels;

  /**
   * Makes a learner; the backbone belongs to it.
   *
   * @param size every view is resized to it
   * @param codec file with the tensors of {@link StyleNetwork}
   * @throws org.denseflow.weights.WeightException if they do not fit
   */
  public SamLearner(
      RtnParameters rtn, SamParameters sam, Backbone backbone, WorkingSize size, Path codec) {
    this.rtn = rtn;
    this.sam = sam;
    this.codec = StyleCodec.tensors(codec);
    this.matching = new RtnLearner(rtn, SYSTEM, backbone, size);
    this.grid = matching.grid();
    this.channels = matching.channels();
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
    return new Input(name, DataType.FLOAT16, height(), width(), 3);
  }

  private int height() {
    return StyleNetwork.STRIDE * sam.scale() * grid.height();
  }

  private int width() {
    return StyleNetwork.STRIDE * sam.scale() * grid.width();
  }

  private int links() {
    return rtn.passes() * StyleNetwork.LINKS;
  }

  @Override
  public String exampleKind() {
    return "samnet %s scale %d, %d links of %s"
        .formatted(matching.exampleKind(), sam.scale(), links(), sam.droplink());
  }

  @Override
  public Map<String, INDArray> prepare(TrainingPair pair) {
    Map<String, INDArray> example = matching.prepare(pair);
    Random random = new Random(pair.id().hashCode());
    float[] drawn = new float[links()];

    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.nextDouble() < sam.droplink() ? 1 : 0;
    }

    example.put("source.image", pixels(pair.source()));
    example.put("target.image", pixels(pair.target()));
    example.put("links", Nd4j.createFromArray(drawn).reshape('c', 1, drawn.length));
    return example;
  }

  private INDArray pixels(RgbImage image) {
    return Nd4j.createFromArray(Resize.toFloat(image, width(), height()).values())
        .divi(255)
        .reshape('c', 1, height(), width(), 3)
        .castTo(DataType.FLOAT16);
  }

  @Override
  public TrainingGraph graph(Mode mode, DataType type, long seed) {
    return new SamGraph(rtn, sam, grid, channels, mode, type).build(codec, seed);
  }

  @Override
  public Map<String, String> modelMetadata() {
    Map<String, String> stated = new TreeMap<>(matching.modelMetadata());
    stated.putAll(SamGraph.shape(rtn, sam, channels).metadata());
    return stated;
  }

  @Override
  public void close() {
    matching.close();
  }
}
