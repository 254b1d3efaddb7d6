package org.denseflow.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.denseflow.graph.NativeArrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** Turns gradients into changes of the parameters; its state is reset at each stage. */
final class Optimiser implements AutoCloseable {
  private final TrainingParameters parameters;
  private final List<SDVariable> variables;
  private final INDArray state;
  private final List<GradientUpdater<?>> updaters = new ArrayList<>();
  private TrainingParameters.Span span;
  private IUpdater updater;
  private long step;

  /** Starts before the first step. */
  Optimiser(TrainingParameters parameters, List<SDVariable> variables) {
    this.parameters = parameters;
    this.variables = variables;
    this.span = parameters.span(0);
    this.updater = parameters.updater(span);
    this.state = Nd4j.zeros(DataType.FLOAT, 1, variables.stream().mapToLong(this::stateSize).sum());
    instantiate();
  }

  private long stateSize(SDVariable variable) {
    return updater.stateSize(variable.getArr().length());
  }

  /** An updater for each variable, on its part of the state. */
  private void instantiate() {
    updaters.clear();
    long at = 0;

    for (SDVariable variable : variables) {
      long to = at + stateSize(variable);
      INDArray view = state.get(NDArrayIndex.all(), NDArrayIndex.interval(at, to));
      updaters.add(updater.instantiate(view, false));
      at = to;
    }
  }

  /** Steps done. */
  long step() {
    return step;
  }

  /** Goes to a step, the first of a stage with an empty state. */
  void enter(long step) {
    this.step = step;
    TrainingParameters.Span now = parameters.span(step);

    if (!now.equals(span)) {
      span = now;
      updater = parameters.updater(span);
      instantiate();
    }

    if (step == span.from()) {
      state.assign(0);
    }
  }

  /** The learning rate of the step to come. */
  double learningRate() {
    return updater.getLearningRate(stageStep(), 0);
  }

  private int stageStep() {
    return (int) (step - span.from());
  }

  /**
   * Makes a step.
   *
   * @param gradients by variable
   * @param clip factor on all gradients
   */
  void update(Map<String, INDArray> gradients, double clip) {
    double decay = parameters.updater().weightDecay() * learningRate();
    parameters.updater().prepare(updater, stageStep());

    for (int i = 0; i < variables.size(); i++) {
      INDArray array = variables.get(i).getArr();
      INDArray own = gradients.get(variables.get(i).name()).dup('c');
      INDArray row = own.reshape('c', 1, own.length());

      if (clip != 1) {
        row.muli(clip);
      }

      updaters.get(i).applyUpdater(row, stageStep(), 0);

      if (decay > 0) {
        array.muli(1 - decay);
      }

      array.subi(row.reshape('c', array.shape()));
      own.close();
    }

    enter(step + 1);
  }

  /** A copy of what it remembers, for instance Adam's two moments. */
  float[] state() {
    return NativeArrays.copy(state);
  }

  /** Goes on from a step with what was remembered then. */
  void load(long step, float[] remembered) {
    try (INDArray own = Nd4j.createFromArray(remembered)) {
      state.assign(own.reshape(state.shape()));
    }

    enter(step);
  }

  @Override
  public void close() {
    state.close();
  }
}
