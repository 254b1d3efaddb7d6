package org.denseflow.backbone.dl4j;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.backbone.Preprocessing.Channels;
import org.denseflow.weights.WeightException;

/**
 * The normaliser that DL4J saved beside a network, as {@code NormalizerSerializer} writes it. It is
 * read here because a CUSTOM one names a class to load, which is refused.
 */
final class Normalizers {
  private Normalizers() {}

  /**
   * Reads a normaliser.
   *
   * @param bytes of the entry
   * @param channels the order of the network's channels
   * @throws WeightException if it is none of images
   */
  static Preprocessing read(DataInputStream in, long bytes, Channels channels) throws IOException {
    if (!in.readUTF().equals("NORMALIZER") || in.readInt() != 1) {
      throw WeightException.malformed("normalizer.bin does not begin as DL4J writes it");
    }

    String type = in.readUTF();
    return switch (type) {
      case "IMAGE_MIN_MAX" -> imageScaler(in, channels);
      case "STANDARDIZE" -> standardize(in, bytes, channels);
      case "MIN_MAX" -> minMax(in, bytes, channels);
      default ->
          throw WeightException.unsupported(
              "a normaliser of type %s; known are ImagePreProcessingScaler, NormalizerStandardize and NormalizerMinMaxScaler; save the network without it, and set backbone.input"
                  .formatted(type));
    };
  }

  /** value / most · (to − from) + from. */
  private static Preprocessing imageScaler(DataInputStream in, Channels channels)
      throws IOException {
    double from = in.readDouble();
    double to = in.readDouble();
    double most = in.readDouble();
    return checked(Preprocessing.uniform((to - from) / most, -from, channels));
  }

  private static Preprocessing standardize(DataInputStream in, long bytes, Channels channels)
      throws IOException {
    in.readBoolean();
    ArrayStream arrays = new ArrayStream(in, bytes);
    List<Double> mean = ofChannels(arrays.read());
    return checked(new Preprocessing(1, mean, ofChannels(arrays.read()), channels));
  }

  /** (value − min) / (max − min) · (to − from) + from. */
  private static Preprocessing minMax(DataInputStream in, long bytes, Channels channels)
      throws IOException {
    in.readBoolean();
    double from = in.readDouble();
    double to = in.readDouble();
    ArrayStream arrays = new ArrayStream(in, bytes);
    float[] min = arrays.read();
    float[] max = arrays.read();
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();

    for (int c = 0; c < ofChannels(min).size(); c++) {
      double unit = (ofChannels(max).get(c) - min[c]) / (to - from);
      std.add(unit);
      mean.add(min[c] - from * unit);
    }

    return checked(new Preprocessing(1, mean, std, channels));
  }

  private static List<Double> ofChannels(float[] values) {
    if (values.length != 3) {
      throw WeightException.unsupported(
          "a normaliser of %d values; of images it has one for each of three channels"
              .formatted(values.length));
    }

    return List.of((double) values[0], (double) values[1], (double) values[2]);
  }

  private static Preprocessing checked(Preprocessing preprocessing) {
    boolean isFinite =
        preprocessing.std().stream().allMatch(std -> Double.isFinite(1 / std) && std != 0)
            && preprocessing.mean().stream().allMatch(Double::isFinite)
            && Double.isFinite(preprocessing.scale())
            && preprocessing.scale() != 0;

    if (!isFinite) {
      throw WeightException.malformed("normalizer.bin divides by zero or has values without end");
    }

    return preprocessing;
  }
}
