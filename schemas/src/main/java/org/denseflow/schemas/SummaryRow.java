package org.denseflow.schemas;

/**
 * One figure of {@code summary.json}.
 *
 * @param dataset the dataset's layout
 * @param method the method
 * @param backbone the backbone
 * @param protocol how it was counted
 * @param category "all" or a category's name
 * @param metric such as {@code pck@0.10}, {@code flow-acc@5}, {@code iou}
 * @param value the figure
 * @param pairs pairs it was averaged over
 * @param failed pairs without a flow; they are not part of the average
 */
public record SummaryRow(
    String dataset,
    String method,
    String backbone,
    String protocol,
    String category,
    String metric,
    double value,
    long pairs,
    long failed) {}
