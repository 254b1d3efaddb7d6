package org.denseflow.backbone;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes lists of objects that own native memory; if one cannot be made, those before it are closed.
 */
public final class CloseableLists {
  private CloseableLists() {}

  /** Makes one object of each source, in their order. */
  public static <S, T extends AutoCloseable> List<T> of(
      List<? extends S> sources, Function<S, T> maker) {
    List<T> made = new ArrayList<>(sources.size());

    try {
      sources.forEach(source -> made.add(maker.apply(source)));
      return made;
    } catch (RuntimeException | Error e) {
      made.forEach(own -> close(own, e));
      throw e;
    }
  }

  private static void close(AutoCloseable own, Throwable reason) {
    try {
      own.close();
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }
}
