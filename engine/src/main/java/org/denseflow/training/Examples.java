package org.denseflow.training;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes and frees examples of pairs: named arrays in native memory. */
public final class Examples {
  private Examples() {}

  /**
   * An example; where it cannot be completed, what it has by then is freed.
   *
   * @param filler puts its arrays into it
   */
  public static Map<String, INDArray> of(Consumer<Map<String, INDArray>> filler) {
    Map<String, INDArray> example = new LinkedHashMap<>();

    try {
      filler.accept(example);
      return example;
    } catch (RuntimeException | Error e) {
      free(example);
      throw e;
    }
  }

  /** Frees all arrays of an example. */
  public static void free(Map<String, INDArray> example) {
    example.values().forEach(INDArray::close);
  }

  /** Frees all arrays of some examples. */
  public static void free(Collection<Map<String, INDArray>> examples) {
    examples.forEach(Examples::free);
  }
}
