package org.denseflow.matcher;

import org.denseflow.correlation.CorrelationVolume;

/** Turns a correlation volume into a match. It may overwrite the volume's values. */
public interface ReadOut extends AutoCloseable {

  /** Reads one pair's volume. */
  Match read(CorrelationVolume volume);

  /** Frees its networks; most have none. */
  @Override
  default void close() {}
}
