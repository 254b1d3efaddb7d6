package org.denseflow.jobs.synthesis;

import java.io.Serializable;
import scala.runtime.AbstractFunction1;

/** Accepts the files of one chunk, by their numbers. */
public final class ChunkFilter extends AbstractFunction1<Object, Object> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int chunk;
  private final int chunkFiles;

  /** Accepts the files of a chunk. */
  public ChunkFilter(int chunk, int chunkFiles) {
    this.chunk = chunk;
    this.chunkFiles = chunkFiles;
  }

  @Override
  public Object apply(Object file) {
    return (Integer) file / chunkFiles == chunk;
  }
}
