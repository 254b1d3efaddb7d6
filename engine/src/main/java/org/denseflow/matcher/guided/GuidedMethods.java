package org.denseflow.matcher.guided;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import org.denseflow.matcher.Method;
import org.denseflow.matcher.MethodProvider;
import org.denseflow.matcher.ReadOutMethod;

/** Provides Guided Semantic Flow, without learned parts and with them. */
@AutoService(MethodProvider.class)
public final class GuidedMethods implements MethodProvider {

  @Override
  public List<Method<?>> methods() {
    return List.of(
        new ReadOutMethod<>(
            "guided",
            2,
            GuidedConfig.class,
            config ->
                new GuidedMatching(config.own().guided(), Optional.empty(), config.keepsSteps())),
        new GsfMethod());
  }
}
