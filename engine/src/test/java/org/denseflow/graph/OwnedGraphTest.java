package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@code y = c · w · x}: what a run gives back can be freed, and nothing else with it. */
class OwnedGraphTest {
  private final INDArray constant = Nd4j.createFromArray(2f, 3f);
  private final INDArray variable = Nd4j.createFromArray(5f, 7f);
  private final INDArray input = Nd4j.createFromArray(1f, 10f);

  @Test
  void outputsBelongToTheCaller() {
    try (OwnedGraph graph = new OwnedGraph(graph())) {
      List<String> names = List.of("y", "same x", "same w", "same c", "same y");

      for (int run = 0; run < 3; run++) {
        Map<String, INDArray> outputs = graph.output(Map.of("x", input), names);
        assertThat(outputs.get("y").toFloatVector()).containsExactly(10, 210);
        assertThat(outputs.get("same y").toFloatVector()).containsExactly(10, 210);
        assertThat(outputs.get("same x").toFloatVector()).containsExactly(1, 10);
        NativeArrays.close(outputs.values());
        assertThat(outputs.values()).allMatch(INDArray::wasClosed);
        assertThat(List.of(constant, variable, input)).noneMatch(INDArray::wasClosed);
      }
    }
  }

  @Test
  void gradientsBelongToTheCaller() {
    SameDiff made = graph();
    made.setLossVariables("loss");
    QuietGradients.create(made, "x");

    try (OwnedGraph graph = new OwnedGraph(made)) {
      for (int run = 0; run < 3; run++) {
        OutAndGrad result = graph.gradients(Map.of("x", input), List.of("loss"), List.of("w", "x"));
        assertThat(result.getOutputs().get("loss").getDouble(0)).isEqualTo(220);
        assertThat(result.getGradients().get("w").toFloatVector()).containsExactly(2, 30);
        assertThat(result.getGradients().get("x").toFloatVector()).containsExactly(10, 21);
        NativeArrays.close(result.getOutputs().values());
        NativeArrays.close(result.getGradients().values());
        assertThat(List.of(constant, variable, input)).noneMatch(INDArray::wasClosed);
      }
    }

    assertThat(List.of(constant, variable)).allMatch(INDArray::wasClosed);
  }

  @Test
  void whatIsBorrowedStays() {
    new OwnedGraph(graph(), List.of(constant)).close();
    assertThat(variable.wasClosed()).isTrue();
    assertThat(constant.wasClosed()).isFalse();
  }

  @Test
  void aCacheClosesTheGraphUsedLongestAgo() {
    List<INDArray> constants = new ArrayList<>();
    GraphCache<Integer> cache =
        new GraphCache<>(
            key -> {
              SameDiff graph = OwnedGraph.empty();
              constants.add(Nd4j.scalar((float) key));
              graph.constant("c", constants.get(key));
              return new OwnedGraph(graph);
            });

    for (int key = 0; key < GraphCache.MOST; key++) {
      cache.get(key);
    }

    assertThat(cache.get(0)).isSameAs(cache.get(0));
    cache.get(GraphCache.MOST);
    assertThat(constants).hasSize(GraphCache.MOST + 1);
    assertThat(constants.stream().filter(INDArray::wasClosed)).containsExactly(constants.get(1));
    cache.close();
    assertThat(constants).allMatch(INDArray::wasClosed);
  }

  private SameDiff graph() {
    SameDiff graph = OwnedGraph.empty();
    SDVariable x = graph.placeHolder("x", DataType.FLOAT, 2);
    SDVariable w = graph.var("w", variable);
    SDVariable c = graph.constant("c", constant);
    SDVariable y = c.mul(w).mul("y", x);
    y.sum("loss");
    graph.identity("same x", x);
    graph.identity("same w", w);
    graph.identity("same c", c);
    graph.identity("same y", y);
    return graph;
  }
}
