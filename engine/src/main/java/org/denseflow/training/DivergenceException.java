package org.denseflow.training;

/**
 * Training has gone wrong beyond repair: a loss or gradient is not finite, or the loss exploded.
 */
public final class DivergenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergenceException(String message) {
    super(message);
  }
}
