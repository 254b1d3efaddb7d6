package org.denseflow.graph;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Makes the gradient graph of a SameDiff graph without its messages: SameDiff prints a line for
 * each operation it differentiates. Only what the calling thread prints in the meantime is dropped;
 * what other threads print passes.
 */
public final class QuietGradients {
  private static final Object LOCK = new Object();

  private QuietGradients() {}

  /**
   * Makes the gradient graph.
   *
   * @param graph a graph with its loss variables set
   * @param variables names of variables and placeholders whose gradients are wanted beside those of
   *     the trainable variables
   */
  public static void create(SameDiff graph, String... variables) {
    synchronized (LOCK) {
      PrintStream original = System.out;
      Filter filter = new Filter(original, Thread.currentThread());
      PrintStream replacement = new PrintStream(filter, true);
      System.setOut(replacement);

      try {
        graph.createGradFunction(variables);
      } finally {
        filter.pass();

        if (System.out == replacement) {
          System.setOut(original);
        }
      }
    }
  }

  /** A stream that drops what one thread writes until told to let everything pass. */
  private static final class Filter extends OutputStream {
    private final PrintStream original;
    private volatile Thread dropped;

    Filter(PrintStream original, Thread dropped) {
      this.original = original;
      this.dropped = dropped;
    }

    void pass() {
      dropped = null;
    }

    @Override
    public void write(int value) {
      if (Thread.currentThread() != dropped) {
        original.write(value);
      }
    }

    @Override
    public void write(byte[] values, int offset, int length) throws IOException {
      if (Thread.currentThread() != dropped) {
        original.write(values, offset, length);
      }
    }

    @Override
    public void flush() {
      original.flush();
    }
  }
}
