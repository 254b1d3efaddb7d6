package org.denseflow.backbone.network;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.network.Layer.Add;
import org.denseflow.backbone.network.Layer.BatchNormalisation;
import org.denseflow.backbone.network.Layer.Bias;
import org.denseflow.backbone.network.Layer.Concatenation;
import org.denseflow.backbone.network.Layer.Convolution;
import org.denseflow.backbone.network.Layer.GlobalAverage;
import org.denseflow.backbone.network.Layer.MaxPool;
import org.denseflow.backbone.network.Layer.Relu;
import org.denseflow.backbone.network.Layer.Rounding;
import org.denseflow.image.FloatImage;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The networks with learned weights, with torchvision's tensor names. Taps of the ResNets carry
 * both the layer's name ({@code layer3}) and the papers' ({@code conv4-23}: stage conv4, unit 23).
 */
public final class Networks {
  private static final List<String> CONV_STAGES = List.of("conv2", "conv3", "conv4", "conv5");

  static final Map<String, Network> NAMED = all();

  private Networks() {}

  /**
   * A network's description.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Network named(String name) {
    Network network = NAMED.get(name);

    if (network == null) {
      throw new IllegalArgumentException(
          "Invalid network: %s, expected one of %s".formatted(name, NAMED.keySet()));
    }

    return network;
  }

  /**
   * Images as the networks take them, with the mean and deviation of ImageNet's colours.
   *
   * @return {@code [batch, height, width, 3]}
   * @throws IllegalArgumentException if they differ in size
   */
  public static INDArray input(List<FloatImage> images) {
    FloatImage first = images.get(0);
    return Nd4j.create(
        Preprocessing.IMAGENET.apply(images),
        new long[] {images.size(), first.height(), first.width(), 3},
        'c');
  }

  private static Map<String, Network> all() {
    Map<String, Network> networks = new TreeMap<>();

    for (Network network :
        List.of(
            squeezenet11(),
            vgg("vgg16", 2, 2, 3, 3, 3),
            vgg("vgg19", 2, 2, 4, 4, 4),
            resnet("resnet50", "layer3", 3, 4, 6, 3),
            resnet("resnet101", "layer3", 3, 4, 23, 3),
            resnet50v2(),
            denseflowS())) {
      networks.put(network.name(), network);
    }

    return Collections.unmodifiableMap(networks);
  }

  /**
   * Our own network, whose weights come with the engine: patches of 4x4 pixels, two residual units
   * at stride 8 and four at stride 16, without normalisation, 128 channels at the end. Widths are
   * by measured time: the convolutions of 192 channels run at twice the rate of others backwards.
   */
  static Network denseflowS() {
    Network.Builder b = new Network.Builder();
    b.then("stem", new Convolution("stem", 3, 48, 4, 4, 0, Bias.LEARNED));
    b.then("stem/relu", new Relu());
    int in = 48;
    int[] widths = {96, 192};
    int[] units = {2, 4};

    for (int stage = 0; stage < widths.length; stage++) {
      String id = "stage" + (stage + 1);
      b.then(id + "/down", new Convolution(id + ".down", in, widths[stage], 3, 2, 1, Bias.LEARNED));

      for (int unit = 0; unit < units[stage]; unit++) {
        residual(b, id + "." + unit, widths[stage]);
      }

      b.tap(id);
      in = widths[stage];
    }

    b.then("head", new Convolution("head", in, 128, 1, 1, 0, Bias.LEARNED)).tap("head");
    return b.build("denseflow_s", "head");
  }

  /** x + conv 1x1(ReLU(conv 3x3(ReLU(x)))). */
  private static void residual(Network.Builder b, String id, int width) {
    String input = b.last();
    b.then(id + "/relu1", new Relu());
    b.then(id + "/conv1", new Convolution(id + ".conv1", width, width, 3, 1, 1, Bias.LEARNED));
    b.then(id + "/relu2", new Relu());
    b.then(id + "/conv2", new Convolution(id + ".conv2", width, width, 1, 1, 0, Bias.LEARNED));
    b.node(id, new Add(), id + "/conv2", input);
  }

  /** SqueezeNet 1.1 (Iandola et al., 2016), with its classifier as tap {@code logits}. */
  static Network squeezenet11() {
    Network.Builder b = new Network.Builder();
    b.then("conv1", new Convolution("features.0", 3, 64, 3, 2, 0, Bias.LEARNED));
    b.then("relu1", new Relu()).tap("conv1");
    b.then("pool1", new MaxPool(3, 2, 0, Rounding.CEIL));
    int[][] fires = {{64, 16, 64}, {128, 16, 64}, {128, 32, 128}, {256, 32, 128}, {256, 48, 192}};
    int[][] last = {{384, 48, 192}, {384, 64, 256}, {512, 64, 256}};
    int[] indices = {3, 4, 6, 7, 9};
    int[] lastIndices = {10, 11, 12};

    for (int i = 0; i < fires.length; i++) {
      if (i == 2 || i == 4) {
        b.then("pool" + (i + 1), new MaxPool(3, 2, 0, Rounding.CEIL));
      }

      fire(b, "fire" + (i + 2), "features." + indices[i], fires[i]);
    }

    for (int i = 0; i < last.length; i++) {
      fire(b, "fire" + (i + 7), "features." + lastIndices[i], last[i]);
    }

    b.then("conv10", new Convolution("classifier.1", 512, 1000, 1, 1, 0, Bias.LEARNED));
    b.then("relu10", new Relu());
    b.then("average", new GlobalAverage()).tap("logits");
    return b.build("squeezenet1_1", "fire9");
  }

  private static void fire(Network.Builder b, String name, String weights, int[] widths) {
    b.then(
        name + "/squeeze",
        new Convolution(weights + ".squeeze", widths[0], widths[1], 1, 1, 0, Bias.LEARNED));
    String squeezed = name + "/squeeze/relu";
    b.then(squeezed, new Relu());
    b.node(
        name + "/expand1x1",
        new Convolution(weights + ".expand1x1", widths[1], widths[2], 1, 1, 0, Bias.LEARNED),
        squeezed);
    b.then(name + "/expand1x1/relu", new Relu());
    b.node(
        name + "/expand3x3",
        new Convolution(weights + ".expand3x3", widths[1], widths[2], 3, 1, 1, Bias.LEARNED),
        squeezed);
    b.then(name + "/expand3x3/relu", new Relu());
    b.node(name, new Concatenation(), name + "/expand1x1/relu", name + "/expand3x3/relu").tap(name);
  }

  /** VGG (Simonyan and Zisserman, 2015) without its fully connected head. */
  static Network vgg(String name, int... convolutions) {
    Network.Builder b = new Network.Builder();
    int[] widths = {64, 128, 256, 512, 512};
    int in = 3;
    int index = 0;

    for (int block = 0; block < widths.length; block++) {
      for (int i = 0; i < convolutions[block]; i++) {
        String id = (block + 1) + "_" + (i + 1);
        b.then(
            "conv" + id,
            new Convolution("features." + index, in, widths[block], 3, 1, 1, Bias.LEARNED));
        b.then("relu" + id, new Relu()).tap("relu" + id);
        in = widths[block];
        index += 2;
      }

      b.then("pool" + (block + 1), new MaxPool(2, 2, 0, Rounding.FLOOR)).tap("pool" + (block + 1));
      index++;
    }

    return b.build(name, "relu4_3");
  }

  /**
   * ResNet with bottleneck units (He et al., CVPR 2016), the stride in the 3x3 as torchvision has
   * it.
   */
  static Network resnet(String name, String defaultTap, int... units) {
    Network.Builder b = new Network.Builder();
    b.then("conv1", new Convolution("conv1", 3, 64, 7, 2, 3, Bias.NONE));
    b.then("bn1", new BatchNormalisation("bn1", 64));
    b.then("relu1", new Relu()).tap("conv1");
    b.then("pool1", new MaxPool(3, 2, 1, Rounding.FLOOR));
    int in = 64;

    for (int stage = 0; stage < units.length; stage++) {
      for (int unit = 0; unit < units[stage]; unit++) {
        int stride = unit == 0 && stage > 0 ? 2 : 1;
        bottleneck(b, "layer%d.%d".formatted(stage + 1, unit), in, 64 << stage, stride);
        b.tap(CONV_STAGES.get(stage) + "-" + (unit + 1));
        in = 256 << stage;
      }

      b.tap("layer" + (stage + 1));
    }

    return b.build(name, defaultTap);
  }

  private static void bottleneck(Network.Builder b, String id, int in, int width, int stride) {
    String input = b.last();
    int out = 4 * width;
    String shortcut = input;

    if (stride != 1 || in != out) {
      b.node(
          id + "/downsample",
          new Convolution(id + ".downsample.0", in, out, 1, stride, 0, Bias.NONE),
          input);
      shortcut = id + "/downsample/bn";
      b.then(shortcut, new BatchNormalisation(id + ".downsample.1", out));
    }

    b.node(id + "/conv1", new Convolution(id + ".conv1", in, width, 1, 1, 0, Bias.NONE), input);
    b.then(id + "/bn1", new BatchNormalisation(id + ".bn1", width));
    b.then(id + "/relu1", new Relu());
    b.then(id + "/conv2", new Convolution(id + ".conv2", width, width, 3, stride, 1, Bias.NONE));
    b.then(id + "/bn2", new BatchNormalisation(id + ".bn2", width));
    b.then(id + "/relu2", new Relu());
    b.then(id + "/conv3", new Convolution(id + ".conv3", width, out, 1, 1, 0, Bias.NONE));
    b.then(id + "/bn3", new BatchNormalisation(id + ".bn3", out));
    b.node(id + "/add", new Add(), id + "/bn3", shortcut);
    b.then(id, new Relu());
  }

  /** ResNet-50 v2 (He et al., ECCV 2016): normalisation before each convolution. */
  static Network resnet50v2() {
    Network.Builder b = new Network.Builder();
    b.then("bn0", new BatchNormalisation("bn0", 3));
    b.then("conv1", new Convolution("conv1", 3, 64, 7, 2, 3, Bias.NONE));
    b.then("bn1", new BatchNormalisation("bn1", 64));
    b.then("relu1", new Relu()).tap("conv1");
    b.then("pool1", new MaxPool(3, 2, 1, Rounding.FLOOR));
    int[] units = {3, 4, 6, 3};
    int in = 64;

    for (int stage = 0; stage < units.length; stage++) {
      for (int unit = 0; unit < units[stage]; unit++) {
        int stride = unit == 0 && stage > 0 ? 2 : 1;
        preActivation(b, "layer%d.%d".formatted(stage + 1, unit), in, 64 << stage, stride, unit);
        b.tap(CONV_STAGES.get(stage) + "-" + (unit + 1));
        in = 256 << stage;
      }

      b.tap("layer" + (stage + 1));
    }

    return b.build("resnet50_v2", "layer3");
  }

  private static void preActivation(
      Network.Builder b, String id, int in, int width, int stride, int unit) {
    String input = b.last();
    int out = 4 * width;
    b.node(id + "/bn1", new BatchNormalisation(id + ".bn1", in), input);
    String activated = id + "/relu1";
    b.then(activated, new Relu());
    String shortcut = input;

    if (unit == 0) {
      shortcut = id + "/downsample";
      b.node(
          shortcut,
          new Convolution(id + ".downsample", in, out, 1, stride, 0, Bias.NONE),
          activated);
    }

    b.node(id + "/conv1", new Convolution(id + ".conv1", in, width, 1, 1, 0, Bias.NONE), activated);
    b.then(id + "/bn2", new BatchNormalisation(id + ".bn2", width));
    b.then(id + "/relu2", new Relu());
    b.then(id + "/conv2", new Convolution(id + ".conv2", width, width, 3, stride, 1, Bias.NONE));
    b.then(id + "/bn3", new BatchNormalisation(id + ".bn3", width));
    b.then(id + "/relu3", new Relu());
    b.then(id + "/conv3", new Convolution(id + ".conv3", width, out, 1, 1, 0, Bias.NONE));
    b.node(id, new Add(), id + "/conv3", shortcut);
  }
}
