package org.denseflow.matcher;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.proposals.RegionBox;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The proposed regions of an image, each with its vectors.
 *
 * @param size of the image in pixels
 * @param boxes in fractions of the image's sides
 * @param guide the image on the flow's grid, in CIE L*a*b*, each channel 0..255
 * @param appearance {@code [regions, channels]}, L2-normalised
 * @param geometry {@code [regions, channels]}, the vectors whose products vote; those of appearance
 *     do if absent
 */
public record RegionFeatures(
    Size size,
    List<RegionBox> boxes,
    FloatImage guide,
    INDArray appearance,
    Optional<INDArray> geometry)
    implements ImageFeatures {

  /** Copies the list; checks that there is a vector for each region. */
  public RegionFeatures {
    boxes = List.copyOf(boxes);

    if (appearance.rank() != 2 || appearance.size(0) != boxes.size()) {
      throw new IllegalArgumentException(
          "Invalid region features: shape %s for %d regions, expected [%d, channels]"
              .formatted(
                  java.util.Arrays.toString(appearance.shape()), boxes.size(), boxes.size()));
    }
  }

  @Override
  public List<INDArray> vectors() {
    return Stream.concat(Stream.of(appearance), geometry.stream()).toList();
  }

  @Override
  public RegionFeatures with(List<INDArray> vectors) {
    return new RegionFeatures(
        size, boxes, guide, vectors.get(0), geometry.map(own -> vectors.get(1)));
  }

  @Override
  public RegionFeatures mixed(ImageFeatures other, double share) {
    throw new IllegalArgumentException(
        "Cannot mix the features of two images: each has regions of its own; use a method that"
            + " matches cells, or one iteration");
  }
}
