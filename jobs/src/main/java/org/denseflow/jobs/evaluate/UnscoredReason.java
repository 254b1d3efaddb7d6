package org.denseflow.jobs.evaluate;

import com.fasterxml.jackson.annotation.JsonValue;

/** Why a pair is not scored, and what can be done. */
enum UnscoredReason {
  FAILED("it failed", "repair or replace the images, and run DenseFlowJob again"),
  NO_ROW(
      "the run has no row of the pair",
      "run DenseFlowJob on this whole dataset, without --limit or another list"),
  NO_SWAPPED_ROW(
      "the run has no row of the swapped pair, whose flow this protocol reads",
      "run DenseFlowJob with --dataset LAYOUT:URI?directions=both, without --limit"),
  OTHER_IMAGES(
      "the run's row of this pair id is of other images",
      "pass the --dataset that the run was made of"),
  NO_STEP(
      "its row has no such intermediate result",
      "run DenseFlowJob with --write intermediate; a method that fell back on another has none"),
  NO_REGIONS(
      "its row has no matched regions",
      "run nam, phm, lom or SCNet with --write intermediate, since this protocol reads matched regions"),
  NO_KEYPOINTS("an image has no keypoints", UnscoredReason.CHOOSE),
  UNSUITED("its annotation does not suit the protocol", UnscoredReason.CHOOSE),
  NO_COMMON_KEYPOINT("no keypoint is visible in both images", UnscoredReason.ANNOTATE),
  NO_LENGTH("errors are measured by a box that has no extent", UnscoredReason.CHOOSE),
  NO_WARP("its keypoints do not make a spline from source to target", UnscoredReason.ANNOTATE),
  NO_REGION("no region lies on the object", UnscoredReason.ANNOTATE),
  NO_TRUTH("it has no true flow", UnscoredReason.CHOOSE),
  BAD_TRUTH("its true flow or mask cannot be read", "repair or replace the file"),
  NO_OUTLINES("an image has no outline of its object", UnscoredReason.CHOOSE),
  UNDEFINED("the metric is not defined for it", UnscoredReason.ANNOTATE);

  private static final String CHOOSE = "choose a protocol of this dataset's annotation";
  private static final String ANNOTATE = "annotate the pair, or leave it out of the list";

  private final String words;
  private final String mend;

  UnscoredReason(String words, String mend) {
    this.words = words;
    this.mend = mend;
  }

  /** What is the matter with a pair. */
  @JsonValue
  String words() {
    return words;
  }

  /** What the user can do. */
  String mend() {
    return mend;
  }
}
