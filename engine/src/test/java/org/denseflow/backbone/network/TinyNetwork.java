package org.denseflow.backbone.network;

import org.denseflow.backbone.network.Layer.Add;
import org.denseflow.backbone.network.Layer.Bias;
import org.denseflow.backbone.network.Layer.Convolution;
import org.denseflow.backbone.network.Layer.Relu;

/** A network of stride 4 with one residual unit, for tests. */
public final class TinyNetwork {
  /** Of its last layer. */
  public static final int CHANNELS = 4;

  private TinyNetwork() {}

  /** Makes it. */
  public static Network make() {
    Network.Builder b = new Network.Builder();
    b.then("stem", new Convolution("stem", 3, 4, 2, 2, 0, Bias.LEARNED));
    b.then("down", new Convolution("down", 4, 5, 3, 2, 1, Bias.LEARNED));
    b.then("relu", new Relu());
    b.then("conv", new Convolution("conv", 5, 5, 1, 1, 0, Bias.LEARNED));
    b.node("unit", new Add(), "conv", "down");
    b.then("head", new Convolution("head", 5, CHANNELS, 1, 1, 0, Bias.LEARNED)).tap("head");
    return b.build("tiny", "head");
  }
}
