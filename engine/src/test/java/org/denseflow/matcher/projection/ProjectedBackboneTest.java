package org.denseflow.matcher.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.backbone.hog.HogBackbone;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class ProjectedBackboneTest {
  private static final List<String> TAPS = List.of("hog");

  @TempDir private Path folder;

  /** (3, 4, 0) is (0.6, 0.8, 0) in length 1; less the mean (0.5, 0.5, 0.25); zero stays zero. */
  @Test
  void cellsAsByHand() {
    PrincipalComponents components =
        new PrincipalComponents(
            tensor(0.5f, 0.5f, 0.25f),
            new Tensor(new int[] {2, 3}, new float[] {0, 1, 0, 0.6f, 0, 0.8f}),
            tensor(0.7f, 0.2f, 0.1f));
    float[][] cells = {{3, 4, 0}, {0, 0, 0}, {0, 0, 2}};

    try (CellProjection projection = new CellProjection(components);
        FeatureMap map =
            projection.apply(new FeatureMap("a", new Size(3, 1), 3, Nd4j.createFromArray(cells)))) {
      assertThat(map.channels()).isEqualTo(2);
      assertThat(map.values().reshape(6).toFloatVector())
          .containsExactly(
              new float[] {0.3f, 0.06f - 0.2f, 0, 0, -0.5f, -0.3f + 0.6f}, within(1e-6f));
      assertThatThrownBy(() -> projection.apply(map))
          .hasMessage("Cannot project 2 channels at tap a: the projection is of 3");
    }
  }

  /** All axes together turn space only, so that distances between cells stay what they were. */
  @Test
  void allComponentsKeepDistances() throws IOException {
    FloatImage image = image();
    FeatureMap before = new HogBackbone().extract(List.of(image)).get(0).get(0);
    float[][] cells = before.values().toFloatMatrix();

    try (ProjectedBackbone projected =
        new ProjectedBackbone(new HogBackbone(), file(before, before.channels()))) {
      FeatureMap after = projected.extract(List.of(image)).get(0).get(0);
      float[][] turned = after.values().toFloatMatrix();
      assertThat(after.channels()).isEqualTo(before.channels());

      for (int i = 1; i < cells.length; i++) {
        double expected = distance(normalised(cells[0]), normalised(cells[i]));
        assertThat(distance(turned[0], turned[i])).isCloseTo(expected, within(1e-4));
      }
    }
  }

  @Test
  void whatWasMadeForAnotherBackboneIsRefusedAndNamesBoth() throws IOException {
    FeatureMap map = new HogBackbone().extract(List.of(image())).get(0).get(0);
    Path file = file(map, 4);
    String digest = ProjectedBackbone.validate(file, new BackboneIdentity("hog", TAPS, "none"));
    assertThat(digest).startsWith("none+sha256:");

    try (ProjectedBackbone projected = new ProjectedBackbone(new HogBackbone(), file)) {
      assertThat(projected.weightDigest()).isEqualTo(digest);
      assertThat(projected.name()).isEqualTo("hog");
    }

    assertThatThrownBy(
            () -> ProjectedBackbone.validate(file, new BackboneIdentity("vgg16", TAPS, "none")))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("made with backbone hog, here it is vgg16");
    assertThatThrownBy(
            () ->
                ProjectedBackbone.validate(file, new BackboneIdentity("hog", List.of("a"), "none")))
        .hasMessageContaining("made with taps hog, here it is a");
    assertThatThrownBy(
            () -> ProjectedBackbone.validate(file, new BackboneIdentity("hog", TAPS, "sha256:1")))
        .hasMessageContaining("made with backbone-weights none, here it is sha256:1");
    Path other = folder.resolve("other.safetensors");
    Map<String, Tensor> unrelated = Map.of("x", new Tensor(new int[] {1}, new float[] {1}));
    SafetensorsFile.write(
        other,
        unrelated,
        TrainedModel.metadata("sfnet", new BackboneIdentity("hog", TAPS, "none")));
    assertThatThrownBy(
            () -> ProjectedBackbone.validate(other, new BackboneIdentity("hog", TAPS, "none")))
        .hasMessageContaining("made with system sfnet, here it is projection");
    SafetensorsFile.write(
        other,
        unrelated,
        TrainedModel.metadata(Projection.SYSTEM, new BackboneIdentity("hog", TAPS, "none")));
    assertThatThrownBy(
            () -> ProjectedBackbone.validate(other, new BackboneIdentity("hog", TAPS, "none")))
        .hasMessageContaining("no hog.mean");
  }

  private Path file(FeatureMap map, int count) throws IOException {
    float[][] cells = map.values().toFloatMatrix();
    Arrays.setAll(cells, i -> normalised(cells[i]));
    Moments moments = new Moments(map.channels());
    moments.add(Nd4j.createFromArray(cells));
    Path file = folder.resolve("projection.safetensors");
    SafetensorsFile.write(
        file,
        new Projection(Map.of("hog", PrincipalComponents.of(moments, count))).tensors(),
        TrainedModel.metadata(Projection.SYSTEM, new BackboneIdentity("hog", TAPS, "none")));
    return file;
  }

  private static FloatImage image() {
    Random random = new Random(2);
    float[] values = new float[96 * 80 * 3];

    for (int i = 0; i < values.length; i++) {
      values[i] = 255 * random.nextFloat();
    }

    return new FloatImage(96, 80, values);
  }

  private static float[] normalised(float[] cell) {
    double length = distance(cell, new float[cell.length]);
    float[] result = cell.clone();

    for (int c = 0; c < cell.length; c++) {
      result[c] /= (float) length;
    }

    return result;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;

    for (int c = 0; c < a.length; c++) {
      sum += (a[c] - b[c]) * (double) (a[c] - b[c]);
    }

    return Math.sqrt(sum);
  }

  private static Tensor tensor(float... values) {
    return new Tensor(new int[] {values.length}, values);
  }
}
