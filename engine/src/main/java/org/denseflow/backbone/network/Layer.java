package org.denseflow.backbone.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One layer of a network; activations are {@code [batch, height, width, channels]}. */
public sealed interface Layer {

  /** The tensors that it reads, with their shapes as stored by PyTorch; none of most layers. */
  default Map<String, int[]> tensors() {
    return Map.of();
  }

  /** Cells of its input from one cell of its output to the next. */
  default int stride() {
    return 1;
  }

  /** Answers by kind. */
  <R> R accept(Visitor<R> visitor);

  /** An answer for each kind of layer: a new kind has to be answered by all. */
  interface Visitor<R> {
    /** Of a convolution. */
    R convolution(Convolution layer);

    /** Of a batch normalisation. */
    R batchNormalisation(BatchNormalisation layer);

    /** Of a ReLU. */
    R relu(Relu layer);

    /** Of a pooling. */
    R maxPool(MaxPool layer);

    /** Of a sum. */
    R add(Add layer);

    /** Of a concatenation. */
    R concatenation(Concatenation layer);

    /** Of a mean over the map. */
    R globalAverage(GlobalAverage layer);
  }

  /** Whether a convolution has a bias of its own. */
  enum Bias {
    NONE,
    LEARNED
  }

  /** How a pooling window that overhangs the border is counted. */
  enum Rounding {
    /** Dropped. */
    FLOOR,
    /** Kept; what lies beyond the border counts as zero, so the input must not be negative. */
    CEIL
  }

  /**
   * A square convolution with zero padding; reads {@code <weights>.weight}, {@code [out, in,
   * kernel, kernel]}, and {@code <weights>.bias}, {@code [out]}.
   */
  record Convolution(
      String weights, int in, int out, int kernel, int stride, int padding, Bias bias)
      implements Layer {

    @Override
    public Map<String, int[]> tensors() {
      Map<String, int[]> shapes = new LinkedHashMap<>();
      shapes.put(weights + ".weight", new int[] {out, in, kernel, kernel});

      if (bias == Bias.LEARNED) {
        shapes.put(weights + ".bias", new int[] {out});
      }

      return shapes;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.convolution(this);
    }
  }

  /**
   * Batch normalisation with running statistics; reads weight, bias, running_mean and running_var,
   * as {@link ScaleAndShift} does.
   */
  record BatchNormalisation(String weights, int channels) implements Layer {
    @Override
    public Map<String, int[]> tensors() {
      Map<String, int[]> shapes = new LinkedHashMap<>();
      List.of("weight", "bias", "running_mean", "running_var")
          .forEach(part -> shapes.put(weights + "." + part, new int[] {channels}));
      return shapes;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.batchNormalisation(this);
    }
  }

  /** max(x, 0). */
  record Relu() implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.relu(this);
    }
  }

  /** Maximum over a square window; padding counts as zero, so the input must not be negative. */
  record MaxPool(int kernel, int stride, int padding, Rounding rounding) implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.maxPool(this);
    }
  }

  /** Sum of two inputs. */
  record Add() implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.add(this);
    }
  }

  /** Inputs side by side along the channels. */
  record Concatenation() implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.concatenation(this);
    }
  }

  /** Mean over height and width: {@code [batch, 1, 1, channels]}. */
  record GlobalAverage() implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.globalAverage(this);
    }
  }
}
