package org.denseflow.matcher.recurrent;

import com.google.auto.service.AutoService;
import java.util.List;
import org.denseflow.matcher.Method;
import org.denseflow.matcher.MethodProvider;

/** Provides RTNs and SAM-Net. */
@AutoService(MethodProvider.class)
public final class RecurrentMethods implements MethodProvider {

  @Override
  public List<Method<?>> methods() {
    return List.of(
        new RecurrentMethod(
            RtnLearner.SYSTEM,
            1,
            (model, backbone, parameters) -> RtnModel.read(model, backbone, parameters.passes())),
        new RecurrentMethod(
            SamLearner.SYSTEM,
            1,
            (model, backbone, parameters) ->
                SamModel.read(
                    model,
                    backbone,
                    parameters.passes(),
                    parameters.strength().orElse(1.0),
                    parameters.scale())));
  }
}
