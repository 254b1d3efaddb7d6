package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.proposals.RegionBox;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Embeddings of a model file against loops, of regions that are whole cells of a map. */
class ScnetModelTest {
  private static final int GRID = 4;
  private static final int CHANNELS = 3;
  private static final int SIZE = 5;
  private static final PoolingParameters POOLING =
      new PoolingParameters(PoolingParameters.Kind.MAX, 2, PoolingParameters.Mean.KEPT);
  private static final EmbeddingShape SHAPE =
      new EmbeddingShape(POOLING, Layer.FULL, CHANNELS, SIZE);

  @TempDir private Path folder;

  private final Random random = new Random(3);
  private final Map<String, Tensor> tensors = tensors();
  private final float[] cells =
      NaiveLayers.random(Map.of("map", new int[] {48}), random).get("map").values();

  /** A region of 2x2 cells is pooled to the cells themselves, row by row. */
  @Test
  void embeddingsAreThoseOfTheLoops() throws IOException {
    List<RegionBox> regions =
        List.of(
            new RegionBox(0, 0, 0.5, 0.5),
            new RegionBox(0.25, 0.5, 0.75, 1),
            new RegionBox(0.5, 0.25, 1, 0.75));
    int[][] corners = {{0, 0}, {1, 2}, {2, 1}};

    for (ScnetModel.Use use : ScnetModel.Use.values()) {
      List<INDArray> vectors = read(use, POOLING).embed(List.of(map()), regions);
      List<String> names =
          use == ScnetModel.Use.APPEARANCE
              ? List.of("appearance")
              : List.of("appearance", "geometry");
      assertThat(vectors).hasSameSizeAs(names);

      for (int n = 0; n < names.size(); n++) {
        assertThat(vectors.get(n).shape()).containsExactly(3, SIZE);

        for (int r = 0; r < corners.length; r++) {
          double[] expected = embedded(names.get(n), corners[r][0], corners[r][1]);

          for (int k = 0; k < SIZE; k++) {
            assertThat(vectors.get(n).getDouble(r, k)).isCloseTo(expected[k], within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void anotherPoolingSystemOrBackboneIsRefused() {
    PoolingParameters align =
        new PoolingParameters(PoolingParameters.Kind.ALIGN, 2, PoolingParameters.Mean.KEPT);
    assertThatThrownBy(() -> read(ScnetModel.Use.APPEARANCE, align))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("it was trained with")
        .hasMessageContaining("set regions.pooling to the same");
    Path file = folder.resolve("other.safetensors");
    assertThatThrownBy(
            () ->
                ScnetModel.read(
                    file(file),
                    ScnetModel.Use.APPEARANCE,
                    POOLING,
                    new BackboneIdentity("vgg16", List.of("t"), "none")))
        .hasMessageContaining("backbone");
    tensors.remove("geometry.weight");
    assertThatThrownBy(() -> read(ScnetModel.Use.APPEARANCE_AND_GEOMETRY, POOLING))
        .hasMessageContaining("geometry.weight");
  }

  private double[] embedded(String name, int x, int y) {
    float[] weight = tensors.get(name + ".weight").values();
    double[] result = new double[SIZE];
    double squares = 1e-10;

    for (int k = 0; k < SIZE; k++) {
      result[k] = tensors.get(name + ".bias").values()[k];

      for (int i = 0; i < 4 * CHANNELS; i++) {
        int part = i / CHANNELS;
        int cell = (y + part / 2) * GRID + x + part % 2;
        result[k] += weight[i * SIZE + k] * cells[cell * CHANNELS + i % CHANNELS];
      }

      squares += result[k] * result[k];
    }

    for (int k = 0; k < SIZE; k++) {
      result[k] /= Math.sqrt(squares);
    }

    return result;
  }

  private FeatureMap map() {
    INDArray values = Nd4j.createFromArray(cells).reshape('c', GRID * GRID, CHANNELS).dup('c');
    return new FeatureMap("t", new Size(GRID, GRID), CHANNELS, values);
  }

  private ScnetModel read(ScnetModel.Use use, PoolingParameters pooling) throws IOException {
    Path file = file(folder.resolve(random.nextInt() + ".safetensors"));
    return ScnetModel.read(file, use, pooling, new BackboneIdentity("stub", List.of("t"), "none"));
  }

  private Path file(Path file) throws IOException {
    Map<String, String> metadata =
        new TreeMap<>(
            TrainedModel.metadata("scnet", new BackboneIdentity("stub", List.of("t"), "none")));
    metadata.putAll(SHAPE.metadata());
    SafetensorsFile.write(file, tensors, metadata);
    return file;
  }

  private Map<String, Tensor> tensors() {
    Map<String, int[]> shapes = new TreeMap<>(RegionEmbedding.tensors("appearance", SHAPE));
    shapes.putAll(RegionEmbedding.tensors("geometry", SHAPE));
    return NaiveLayers.random(shapes, random);
  }
}
