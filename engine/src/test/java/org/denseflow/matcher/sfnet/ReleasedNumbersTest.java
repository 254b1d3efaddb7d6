package org.denseflow.matcher.sfnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.Upsampling.Corners;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Losses and positions of made inputs under the released code's conventions, as a NumPy program of
 * nothing but loops computed them in double precision.
 */
class ReleasedNumbersTest {
  private static final int BATCH = 2;
  private static final Size GRID = new Size(6, 5);
  private static final List<SfnetGraph.Level> LEVELS =
      List.of(
          new SfnetGraph.Level("fine", GRID, 3), new SfnetGraph.Level("deep", new Size(3, 3), 2));
  private static final double[] SOURCE_POSITIONS = {
    4.724523, 3.936036, 1.033665, 1.828272, 4.619977, 3.863318, 0.1621248, 1.040213
  };
  private static final double[] TARGET_POSITIONS = {
    3.001192, 0.002455348, 1.006648, 1.036782, 2.265877, 1.259402, 3.0, 3.787654e-06
  };

  @ParameterizedTest
  @CsvSource({
    "ALIGNED, 1.81455975, 21.176178, 0.990519827",
    "EDGES, 1.57248048, 19.0587717, 0.990519827"
  })
  void lossesAndPositionsAgree(Corners warping, double mask, double flow, double smooth) {
    TrainingGraph graph = graph(warping);
    Map<String, INDArray> outputs =
        graph.graph().output(inputs(), "mask", "flow", "smooth", "flow.source", "flow.target");

    assertThat(outputs.get("mask").getDouble(0)).isCloseTo(mask, within(1e-7));
    assertThat(outputs.get("flow").getDouble(0)).isCloseTo(flow, within(1e-6));
    assertThat(outputs.get("smooth").getDouble(0)).isCloseTo(smooth, within(1e-7));
    assertPositions(outputs.get("flow.source"), 0, SOURCE_POSITIONS);
    assertPositions(outputs.get("flow.target"), 1, TARGET_POSITIONS);
  }

  private static void assertPositions(INDArray flow, int example, double[] expected) {
    int[] cells = {0, 7, 14, 29};

    for (int i = 0; i < cells.length; i++) {
      int x = cells[i] % GRID.width();
      int y = cells[i] / GRID.width();
      assertThat(x + flow.getDouble(example, y, x, 0)).isCloseTo(expected[2 * i], within(1e-5));
      assertThat(y + flow.getDouble(example, y, x, 1)).isCloseTo(expected[2 * i + 1], within(1e-5));
    }
  }

  private static TrainingGraph graph(Corners warping) {
    SfnetParameters.Adapter adapter = new SfnetParameters.Adapter(3, 2, Optional.empty());
    SfnetParameters parameters =
        new SfnetParameters(
            List.of(adapter, adapter),
            1,
            50,
            5,
            SfnetParameters.Argmax.KERNEL,
            3,
            16,
            0.5,
            0.1,
            TestConventions.released(warping));
    TrainingGraph graph =
        new SfnetGraph(parameters, LEVELS, GraphMode.TRAINING, DataType.DOUBLE).build(1);
    graph
        .parameters()
        .forEach(variable -> variable.getArr().assign(made(variable.name(), variable.getArr())));
    return graph;
  }

  private static INDArray made(String name, INDArray like) {
    int unit = name.contains(".0.") ? 0 : 1;
    long[] shape = like.shape();

    if (name.endsWith("conv.weight")) {
      return sines(1.3 + unit, 0.24, shape).mul(0.4);
    }

    return name.endsWith("norm.weight")
        ? sines(2.1, unit, shape).mul(0.3).add(1)
        : sines(1.7, unit + 0.5, shape).mul(0.2);
  }

  private static Map<String, INDArray> inputs() {
    Map<String, INDArray> inputs = new HashMap<>();

    for (String view : List.of("source", "target")) {
      double phase = view.equals("source") ? 0.3 : 1.1;
      inputs.put(view + ".fine", sines(0.7, phase, BATCH, 5, 6, 3));
      inputs.put(view + ".deep", sines(0.8, phase, BATCH, 3, 3, 2));
      inputs.put(view + ".mask", mask(view.equals("source") ? 0 : 1));
    }

    inputs.put("truth", Nd4j.zeros(DataType.DOUBLE, BATCH, 5, 6, 2));
    inputs.put("truth.valid", Nd4j.zeros(DataType.DOUBLE, BATCH, 5, 6, 1));
    return inputs;
  }

  private static INDArray mask(int shift) {
    INDArray mask = Nd4j.zeros(DataType.DOUBLE, BATCH, 5, 6, 1);

    for (int i = 0; i < BATCH * GRID.cells(); i++) {
      int x = i % 6;
      int y = i / 6 % 5;
      int example = i / GRID.cells();
      boolean inside = (x + 2 * y + example + shift) % 3 > 0 && y > 0 && y < 4;
      mask.putScalar(new int[] {example, y, x, 0}, inside ? 1 : 0);
    }

    return mask;
  }

  /** sin(phase + frequency · k) for k from 1 on. */
  private static INDArray sines(double frequency, double phase, long... shape) {
    double[] values = new double[(int) java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    java.util.Arrays.setAll(values, k -> Math.sin(phase + frequency * (k + 1)));
    return Nd4j.createFromArray(values).reshape('c', shape);
  }
}
