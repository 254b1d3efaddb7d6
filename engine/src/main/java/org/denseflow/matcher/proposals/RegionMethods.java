package org.denseflow.matcher.proposals;

import com.google.auto.service.AutoService;
import java.util.List;
import org.denseflow.matcher.Method;
import org.denseflow.matcher.MethodProvider;
import org.denseflow.matcher.proposals.RegionMethod.Geometry;
import org.denseflow.matcher.proposals.ScnetModel.Use;

/** Provides Proposal Flow, and SCNet, which trains its embeddings. */
@AutoService(MethodProvider.class)
public final class RegionMethods implements MethodProvider {

  @Override
  public List<Method<?>> methods() {
    return List.of(
        new RegionMethod("nam", 2, Geometry.NONE),
        new RegionMethod("phm", 2, Geometry.VOTES),
        new RegionMethod("lom", 2, Geometry.LOCAL_OFFSETS),
        new ScnetMethod("scnet-a", 2, Geometry.NONE, Use.APPEARANCE, "nam"),
        new ScnetMethod("scnet-ag", 2, Geometry.VOTES, Use.APPEARANCE, "phm"),
        new ScnetMethod("scnet-ag-plus", 2, Geometry.VOTES, Use.APPEARANCE_AND_GEOMETRY, "phm"));
  }
}
