package org.denseflow.matcher;

import org.denseflow.correlation.CorrelationVolume;

/** Turns a correlation volume into a match. It may overwrite the volume's values. */
public interface ReadOut {

  /** Reads one pair's volume. */
  Match read(CorrelationVolume volume);
}
