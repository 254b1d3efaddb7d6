package org.denseflow.backbone.hog;

import com.google.auto.service.AutoService;
import java.util.List;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneInfo;
import org.denseflow.backbone.BackboneProvider;
import org.denseflow.backbone.BackboneSpec;

/** Makes {@code hog}, which has no weights; a weight file is not looked at. */
@AutoService(BackboneProvider.class)
public final class HogProvider implements BackboneProvider {

  @Override
  public List<String> names() {
    return List.of(HogBackbone.NAME);
  }

  @Override
  public BackboneInfo info(BackboneSpec spec) {
    return HogBackbone.INFO;
  }

  @Override
  public String validate(BackboneSpec spec) {
    HogBackbone.INFO.choose(spec.taps());
    spec.requireNoInput();
    return Backbone.NO_WEIGHTS;
  }

  @Override
  public Backbone create(BackboneSpec spec) {
    validate(spec);
    return new HogBackbone();
  }
}
