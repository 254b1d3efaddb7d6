package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * A dataset's annotation of one image of a pair, in the pixel coordinates of the annotation (0- or
 * 1-based as the benchmark has them: the protocol names the base).
 *
 * @param keypointsOrNull points, index-aligned with the other image's; null when not annotated
 * @param boxOrNull the object's box; null when not annotated
 * @param maskUriOrNull an image file whose bright pixels are the object; null without one
 * @param flowUriOrNull a {@code .flo} file on this image's grid, pointing into the other image;
 *     null without one
 * @param polygons outlines of the object as {x, y} lists, for datasets without mask files
 * @param partsUriOrNull a MATLAB file with part masks, see {@link MatAnnotation}; null without
 * @param sizeOrNull the size of the image that was annotated; null where the dataset does not state
 *     it
 */
public record ImageAnnotation(
    Keypoints keypointsOrNull,
    Box boxOrNull,
    String maskUriOrNull,
    String flowUriOrNull,
    List<Keypoints> polygons,
    String partsUriOrNull,
    Size sizeOrNull)
    implements Serializable {

  /** Nothing known. */
  public static final ImageAnnotation NONE =
      new ImageAnnotation(null, null, null, null, List.of(), null, null);

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

  /** The size of the image that was annotated, where it is stated. */
  public Optional<Size> size() {
    return Optional.ofNullable(sizeOrNull);
  }

  ImageAnnotation withSize(Size size) {
    return new ImageAnnotation(
        keypointsOrNull, boxOrNull, maskUriOrNull, flowUriOrNull, polygons, partsUriOrNull, size);
  }

  /** With points, of which those that only fill up the list are absent; null for none. */
  ImageAnnotation withKeypoints(Keypoints points) {
    return new ImageAnnotation(
        points == null ? null : points.withoutPadding(),
        boxOrNull,
        maskUriOrNull,
        flowUriOrNull,
        polygons,
        partsUriOrNull,
        sizeOrNull);
  }

  ImageAnnotation withBox(Box box) {
    return new ImageAnnotation(
        keypointsOrNull, box, maskUriOrNull, flowUriOrNull, polygons, partsUriOrNull, sizeOrNull);
  }

  /** With a mask. */
  public ImageAnnotation withMask(String uri) {
    return new ImageAnnotation(
        keypointsOrNull, boxOrNull, uri, flowUriOrNull, polygons, partsUriOrNull, sizeOrNull);
  }

  ImageAnnotation withFlow(String uri) {
    return new ImageAnnotation(
        keypointsOrNull, boxOrNull, maskUriOrNull, uri, polygons, partsUriOrNull, sizeOrNull);
  }

  ImageAnnotation withPolygon(Keypoints outline) {
    return new ImageAnnotation(
        keypointsOrNull,
        boxOrNull,
        maskUriOrNull,
        flowUriOrNull,
        List.of(outline),
        partsUriOrNull,
        sizeOrNull);
  }

  ImageAnnotation withParts(String uri) {
    return new ImageAnnotation(
        keypointsOrNull, boxOrNull, maskUriOrNull, flowUriOrNull, polygons, uri, sizeOrNull);
  }
}
