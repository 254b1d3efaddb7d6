package org.denseflow.graph;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.autodiff.samediff.internal.memory.ArrayCacheMemoryMgr;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * Runs a SameDiff graph and accounts for each array that a run makes: SameDiff's own session leaves
 * some to the garbage collector, in a gradient graph all of them.
 */
final class GraphSession extends InferenceSession {
  private final Memory memory = new Memory();

  GraphSession(SameDiff graph) {
    super(graph);
    setMmgr(memory);
  }

  /**
   * Takes a run's outputs out of what {@link #sweep} frees.
   *
   * @param staying memory that is freed elsewhere
   * @return the outputs, copies of those that share their memory with something that stays
   */
  Map<String, INDArray> handedOver(Map<String, INDArray> outputs, Set<DataBuffer> staying) {
    Set<DataBuffer> kept = memory.buffers();
    kept.addAll(staying);
    Map<String, INDArray> own = new LinkedHashMap<>();
    outputs.forEach(
        (name, array) -> {
          boolean free = array.closeable() && !kept.contains(buffer(array));
          own.put(name, free ? array : array.dup(array.ordering()));
        });
    Set<DataBuffer> taken = identities();
    own.values().forEach(array -> taken.add(buffer(array)));
    memory.made.removeIf(array -> !array.wasClosed() && taken.contains(buffer(array)));
    return own;
  }

  /** Frees what the last run has made, without what was handed over or is kept for the next. */
  void sweep() {
    Set<DataBuffer> kept = memory.buffers();
    memory.made.removeIf(array -> array.wasClosed() || free(array, kept));
    freedArrays.clear();
  }

  private static boolean free(INDArray array, Set<DataBuffer> kept) {
    if (kept.contains(buffer(array))) {
      return false;
    }

    array.close();
    return true;
  }

  /** Frees everything. */
  void close() {
    memory.close();
    memory.made.stream().filter(array -> !array.wasClosed()).forEach(INDArray::close);
    memory.made.clear();
  }

  /** The memory that an array lies in, perhaps with others. */
  static DataBuffer buffer(INDArray array) {
    DataBuffer original = array.data().originalDataBuffer();
    return original == null ? array.data() : original;
  }

  /** An identity set. */
  static <T> Set<T> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** Remembers all arrays it has made. */
  private static final class Memory extends ArrayCacheMemoryMgr {
    private final Set<INDArray> made = identities();

    @Override
    public INDArray allocate(boolean detached, DataType type, long... shape) {
      return remembered(super.allocate(detached, type, shape));
    }

    @Override
    public INDArray allocate(boolean detached, LongShapeDescriptor shape) {
      return remembered(super.allocate(detached, shape));
    }

    private INDArray remembered(INDArray array) {
      if (!array.isEmpty()) {
        made.add(array);
      }

      return array;
    }

    /** Those of the arrays that are kept for later runs. */
    private Set<DataBuffer> buffers() {
      Set<DataBuffer> buffers = identities();
      getArrays().values().stream()
          .flatMap(List::stream)
          .filter(array -> !array.wasClosed())
          .forEach(array -> buffers.add(buffer(array)));
      return buffers;
    }
  }
}
