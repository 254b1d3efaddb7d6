package org.denseflow.matcher.proposals;

import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.AllOrNone;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.Describer;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.proposals.ColorSpace;
import org.denseflow.proposals.Proposals;
import org.denseflow.proposals.RegionBox;

/** Proposes regions of images at the working size and describes them. */
final class RegionDescriber implements AutoCloseable {
  private final WorkingSize size;
  private final Proposals proposals;
  private final RegionFeatures features;
  private final int cell;
  private final Optional<Describer> describer;
  private final Optional<ScnetModel> model;

  /**
   * Makes a describer; the backbone belongs to it.
   *
   * @param backbone none for histograms of oriented gradients of the regions themselves
   * @param model trained embeddings of what the backbone says of regions
   */
  RegionDescriber(
      WorkingSize size,
      RegionParameters parameters,
      Optional<Backbone> backbone,
      Optional<ScnetModel> model) {
    this.size = size;
    this.proposals = new Proposals(parameters.proposals());
    this.features = new RegionFeatures(parameters.pooling());
    this.cell = parameters.flow().cell();
    this.describer = backbone.map(network -> new Describer(size, network));
    this.model = model;
  }

  List<ImageFeatures> describe(List<RgbImage> images) {
    return AllOrNone.of(images, this::describe);
  }

  private ImageFeatures describe(RgbImage image) {
    RgbImage working = Resize.toRgb(image, size.width(), size.height());
    List<RegionBox> boxes = proposals.of(working);
    List<RegionBox> shares =
        boxes.stream().map(box -> box.scaled(1.0 / size.width(), 1.0 / size.height())).toList();
    FloatImage guide =
        ColorSpace.LAB.of(Resize.toRgb(image, size.width() / cell, size.height() / cell));
    List<FeatureMap> maps =
        describer.isPresent()
            ? ofBackbone(describer.get(), image, shares)
            : List.of(features.ofGradients(working, boxes));
    return new ImageFeatures(
        image.width(), image.height(), maps, Optional.of(new ImageFeatures.Regions(shares, guide)));
  }

  private List<FeatureMap> ofBackbone(Describer backbone, RgbImage image, List<RegionBox> regions) {
    try (ImageFeatures cells = backbone.describe(List.of(image)).get(0)) {
      return model.isPresent()
          ? model.get().embed(cells.maps(), regions)
          : List.of(features.ofMaps(cells.maps(), regions));
    }
  }

  @Override
  public void close() {
    describer.ifPresent(Describer::close);
  }
}
