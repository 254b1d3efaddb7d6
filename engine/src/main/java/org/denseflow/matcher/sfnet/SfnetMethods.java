package org.denseflow.matcher.sfnet;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import org.denseflow.matcher.Method;
import org.denseflow.matcher.MethodProvider;
import org.denseflow.matcher.ReadOutMethod;
import org.denseflow.matcher.nn.KernelSoftArgmaxConfig;

/** Provides SFNet: trained adaptation layers, read out by the kernel soft argmax. */
@AutoService(MethodProvider.class)
public final class SfnetMethods implements MethodProvider {

  @Override
  public List<Method<?>> methods() {
    return List.of(
        new ReadOutMethod<>(
            AdaptedBackbone.SYSTEM,
            1,
            KernelSoftArgmaxConfig.class,
            config -> config.own().readOut(),
            Optional.of("kernel-soft-argmax for the features as they are")));
  }
}
