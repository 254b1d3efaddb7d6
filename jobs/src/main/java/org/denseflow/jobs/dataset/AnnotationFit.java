package org.denseflow.jobs.dataset;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.denseflow.geometry.Size;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * Checks whether an annotation can be that of an image of a given size. Where a dataset states the
 * size that it annotated, images of the same shape fit, whatever their size. Where it does not, a
 * box or outline that reaches more than a twentieth beyond the image, or more than half of the
 * points beyond its right or lower edge, show that the image was resized or cropped.
 */
public final class AnnotationFit {
  private static final double TOLERANCE = 0.05;
  private static final String MEND =
      "; use the images that were annotated, or annotations of these images";

  private AnnotationFit() {}

  /**
   * Refuses an annotation that cannot be that of its image.
   *
   * @param uri the image
   * @throws DatasetException naming the image, its size and what does not fit
   */
  public static void require(String uri, ImageAnnotation annotation, Size image) {
    problem(annotation, image)
        .ifPresent(
            reason -> {
              throw new DatasetException(
                  "Cannot use the annotation of %s, which has %s pixels: %s%s"
                      .formatted(uri, image, reason, MEND));
            });
  }

  /** Why a box cannot be that of an object in an image, if so. */
  public static Optional<String> problem(Box box, Size image) {
    return problem(ImageAnnotation.NONE.withBox(box), image);
  }

  private static Optional<String> problem(ImageAnnotation annotation, Size image) {
    return annotation.size().isPresent()
        ? stated(annotation.size().get(), image)
        : Stream.of(
                annotation.box().flatMap(box -> box(box, image)),
                annotation.keypoints().flatMap(points -> points(points, image)),
                outlines(annotation.polygons(), image))
            .flatMap(Optional::stream)
            .findFirst();
  }

  private static Optional<String> stated(Size annotated, Size image) {
    return image.hasShapeOf(annotated)
        ? Optional.empty()
        : Optional.of(
            "it is of %s pixels, another shape: cropped, turned or stretched".formatted(annotated));
  }

  /** A square at the origin is a length without a place (SFNet's list of PF-PASCAL). */
  private static Optional<String> box(Box box, Size image) {
    boolean length = box.x1() == 0 && box.y1() == 0 && box.x2() == box.y2();
    double longer = Math.max(image.width(), image.height());
    boolean fits =
        length
            ? box.x2() <= limit(longer)
            : box.x2() <= limit(image.width()) && box.y2() <= limit(image.height());
    return fits
        ? Optional.empty()
        : Optional.of(
            "its box reaches to (%s, %s), beyond the image".formatted(box.x2(), box.y2()));
  }

  private static Optional<String> points(Keypoints points, Size image) {
    long present = IntStream.range(0, points.size()).filter(points::present).count();
    long beyond =
        IntStream.range(0, points.size()).filter(k -> isBeyond(points, k, image, 1)).count();
    return 2 * beyond > present
        ? Optional.of(
            "%d of its %d points lie right of or below the image".formatted(beyond, present))
        : Optional.empty();
  }

  private static Optional<String> outlines(List<Keypoints> outlines, Size image) {
    double margin = 1 + TOLERANCE * Math.max(image.width(), image.height());
    boolean beyond =
        outlines.stream()
            .anyMatch(
                outline ->
                    IntStream.range(0, outline.size())
                        .anyMatch(k -> isBeyond(outline, k, image, margin)));
    return beyond ? Optional.of("its outline reaches beyond the image") : Optional.empty();
  }

  private static boolean isBeyond(Keypoints points, int k, Size image, double margin) {
    return points.present(k)
        && (points.x()[k] >= image.width() + margin || points.y()[k] >= image.height() + margin);
  }

  private static double limit(double side) {
    return side + 1 + TOLERANCE * side;
  }
}
