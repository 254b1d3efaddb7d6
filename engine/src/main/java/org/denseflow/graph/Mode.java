package org.denseflow.graph;

/** What a graph is made for. */
public enum Mode {
  /** Normalisation by the statistics of the batch; gradients are wanted. */
  TRAINING,
  /** Normalisation by the running statistics, as a user of the model will have it. */
  INFERENCE
}
