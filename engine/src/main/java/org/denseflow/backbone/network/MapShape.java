package org.denseflow.backbone.network;

import java.util.List;
import org.denseflow.geometry.Size;

/** The shape of a layer's output for one image, {@code [height, width, channels]}. */
public record MapShape(Size grid, int channels) {

  /** The shape behind a layer. */
  record After(List<MapShape> inputs) implements Layer.Visitor<MapShape> {

    private MapShape first() {
      return inputs.get(0);
    }

    @Override
    public MapShape convolution(Layer.Convolution layer) {
      Size padded = first().grid.within(-layer.padding());
      return new MapShape(windows(padded, layer.kernel(), layer.stride(), 0), layer.out());
    }

    @Override
    public MapShape batchNormalisation(Layer.BatchNormalisation layer) {
      return first();
    }

    @Override
    public MapShape relu(Layer.Relu layer) {
      return first();
    }

    @Override
    public MapShape maxPool(Layer.MaxPool layer) {
      int overhang = layer.rounding() == Layer.Rounding.CEIL ? layer.stride() - 1 : 0;
      Size padded = first().grid.within(-layer.padding());
      return new MapShape(
          windows(padded, layer.kernel(), layer.stride(), overhang), first().channels);
    }

    @Override
    public MapShape add(Layer.Add layer) {
      return first();
    }

    @Override
    public MapShape concatenation(Layer.Concatenation layer) {
      return new MapShape(first().grid, inputs.stream().mapToInt(MapShape::channels).sum());
    }

    @Override
    public MapShape globalAverage(Layer.GlobalAverage layer) {
      return new MapShape(new Size(1, 1), first().channels);
    }

    private static Size windows(Size padded, int kernel, int stride, int overhang) {
      return new Size(
          (padded.width() - kernel + overhang) / stride + 1,
          (padded.height() - kernel + overhang) / stride + 1);
    }
  }
}
