package org.denseflow.schemas;

import java.util.Objects;

/**
 * One figure of {@code summary.json}. The dataset's pairs of the category are {@code pairs + failed
 * + unscored}.
 *
 * @param dataset the dataset's layout
 * @param method the method
 * @param backbone the backbone
 * @param protocol how it was counted
 * @param category "all" or a category's name
 * @param metric such as {@code pck@0.10}, {@code flow-acc@5}, {@code iou}
 * @param value the figure; null where no pair has one
 * @param pairs pairs it was averaged over
 * @param failed pairs without a flow; they are not part of the average
 * @param unscored pairs for which the metric is not defined, or that the run or the dataset lacks
 *     something of; they are not part of the average
 */
public record SummaryRow(
    String dataset,
    String method,
    String backbone,
    String protocol,
    String category,
    String metric,
    Double value,
    long pairs,
    long failed,
    long unscored) {

  /** Checks that there is a figure where pairs were averaged, and none elsewhere. */
  public SummaryRow {
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(backbone, "backbone");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(metric, "metric");

    if (pairs < 0 || failed < 0 || unscored < 0) {
      throw new IllegalArgumentException(
          "Invalid %s of %s: %d pairs, %d failed, %d unscored"
              .formatted(metric, category, pairs, failed, unscored));
    }

    if (pairs == 0 ? value != null : value == null || !Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "Invalid %s of %s: %s over %d pairs".formatted(metric, category, value, pairs));
    }
  }

  /** All pairs of the category, averaged or not. */
  public long listed() {
    return pairs + failed + unscored;
  }
}
