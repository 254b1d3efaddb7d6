/**
 * Scores: PCK under named protocols, TSS flow accuracy, mask scores and end-point error. Pure
 * functions over flows, keypoints and masks that are already in memory; nothing here reads a file,
 * runs a matcher or knows a dataset's layout.
 */
package org.denseflow.metrics;
