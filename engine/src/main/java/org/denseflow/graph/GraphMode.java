package org.denseflow.graph;

/** Whether a graph is made for training or for inference. */
public enum GraphMode {
  /** Normalisation by the statistics of the batch; gradients are wanted. */
  TRAINING,
  /** Normalisation by the running statistics, as a user of the model will have it. */
  INFERENCE
}
