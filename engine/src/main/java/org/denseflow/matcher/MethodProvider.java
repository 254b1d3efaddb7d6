package org.denseflow.matcher;

import java.util.List;

/** The service by which a package makes its methods known, found by the {@code ServiceLoader}. */
public interface MethodProvider {

  /** The package's methods. */
  List<Method<?>> methods();
}
