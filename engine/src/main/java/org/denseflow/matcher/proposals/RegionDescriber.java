package org.denseflow.matcher.proposals;

import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.CloseableLists;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.Describer;
import org.denseflow.matcher.RegionFeatures;
import org.denseflow.proposals.ColorSpace;
import org.denseflow.proposals.Proposals;
import org.denseflow.proposals.RegionBox;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Proposes regions of images at the working size and describes them. */
final class RegionDescriber implements AutoCloseable {
  private final WorkingSize size;
  private final Proposals proposals;
  private final RegionExtractor extractor;
  private final int cell;
  private final Optional<Describer> describer;
  private final Optional<ScnetModel> model;

  /**
   * Makes a describer; backbone and model belong to it.
   *
   * @param backbone none for histograms of oriented gradients of the regions themselves
   * @param model trained embeddings of the backbone's features of regions
   */
  RegionDescriber(
      WorkingSize size,
      RegionParameters parameters,
      Optional<Backbone> backbone,
      Optional<ScnetModel> model) {
    this.size = size;
    this.proposals = new Proposals(parameters.proposals());
    this.extractor = new RegionExtractor(parameters.pooling());
    this.cell = parameters.flow().cell();
    this.describer = backbone.map(network -> new Describer(size, network));
    this.model = model;
  }

  List<RegionFeatures> describe(List<RgbImage> images) {
    return CloseableLists.of(images, this::describe);
  }

  private RegionFeatures describe(RgbImage image) {
    RgbImage working = Resize.toRgb(image, size.width(), size.height());
    List<RegionBox> boxes = proposals.of(working);
    List<RegionBox> shares =
        boxes.stream().map(box -> box.scaled(1.0 / size.width(), 1.0 / size.height())).toList();
    FloatImage guide =
        ColorSpace.LAB.of(Resize.toRgb(image, size.width() / cell, size.height() / cell)).toFloat();
    List<INDArray> vectors =
        describer.isPresent()
            ? ofBackbone(describer.get(), image, shares)
            : List.of(extractor.ofGradients(working, boxes));
    return new RegionFeatures(
        image.size(),
        shares,
        guide,
        vectors.get(0),
        vectors.size() > 1 ? Optional.of(vectors.get(1)) : Optional.empty());
  }

  private List<INDArray> ofBackbone(Describer backbone, RgbImage image, List<RegionBox> regions) {
    try (CellFeatures cells = backbone.describe(List.of(image)).get(0)) {
      return model.isPresent()
          ? model.get().embed(cells.maps(), regions)
          : List.of(extractor.ofMaps(cells.maps(), regions));
    }
  }

  @Override
  public void close() {
    describer.ifPresent(Describer::close);
    model.ifPresent(ScnetModel::close);
  }
}
