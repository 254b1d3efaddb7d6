package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * What a dataset says of one image of a pair, in the pixel coordinates of the annotation (0- or
 * 1-based as the benchmark has them: the protocol names the base).
 *
 * @param keypointsOrNull points, index-aligned with the other image's; null when not annotated
 * @param boxOrNull the object's box; null when not annotated
 * @param maskUriOrNull an image file whose bright pixels are the object; null without one
 * @param flowUriOrNull a {@code .flo} file on this image's grid, pointing into the other image;
 *     null without one
 * @param polygons outlines of the object as {x, y} lists, for datasets without mask files
 * @param partsUriOrNull a MATLAB file with part masks, see {@link MatAnnotation}; null without
 */
public record ImageAnnotation(
    Keypoints keypointsOrNull,
    Box boxOrNull,
    String maskUriOrNull,
    String flowUriOrNull,
    List<Keypoints> polygons,
    String partsUriOrNull)
    implements Serializable {

  /** Nothing known. */
  public static final ImageAnnotation NONE =
      new ImageAnnotation(null, null, null, null, List.of(), null);

  /** Copies the list. */
  public ImageAnnotation {
    polygons = List.copyOf(polygons);
  }

  /** The points, when annotated. */
  public Optional<Keypoints> keypoints() {
    return Optional.ofNullable(keypointsOrNull);
  }

  /** The object's box, when annotated. */
  public Optional<Box> box() {
    return Optional.ofNullable(boxOrNull);
  }

  /** The mask's URI, when there is one. */
  public Optional<String> maskUri() {
    return Optional.ofNullable(maskUriOrNull);
  }

  /** The ground-truth flow's URI, when there is one. */
  public Optional<String> flowUri() {
    return Optional.ofNullable(flowUriOrNull);
  }

  /** The part masks' URI, when there is one. */
  public Optional<String> partsUri() {
    return Optional.ofNullable(partsUriOrNull);
  }

  ImageAnnotation withKeypoints(Keypoints points) {
    return new ImageAnnotation(
        points, boxOrNull, maskUriOrNull, flowUriOrNull, polygons, partsUriOrNull);
  }

  ImageAnnotation withBox(Box box) {
    return new ImageAnnotation(
        keypointsOrNull, box, maskUriOrNull, flowUriOrNull, polygons, partsUriOrNull);
  }

  ImageAnnotation withMask(String uri) {
    return new ImageAnnotation(
        keypointsOrNull, boxOrNull, uri, flowUriOrNull, polygons, partsUriOrNull);
  }

  ImageAnnotation withFlow(String uri) {
    return new ImageAnnotation(
        keypointsOrNull, boxOrNull, maskUriOrNull, uri, polygons, partsUriOrNull);
  }

  ImageAnnotation withPolygon(Keypoints outline) {
    return new ImageAnnotation(
        keypointsOrNull, boxOrNull, maskUriOrNull, flowUriOrNull, List.of(outline), partsUriOrNull);
  }

  ImageAnnotation withParts(String uri) {
    return new ImageAnnotation(
        keypointsOrNull, boxOrNull, maskUriOrNull, flowUriOrNull, polygons, uri);
  }
}
