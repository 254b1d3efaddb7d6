package org.denseflow.jobs.masks;

import java.util.Optional;
import org.denseflow.image.Coverage;
import org.denseflow.image.Mask;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.MaskScores;
import org.denseflow.transfer.ExemplarTransfer;

/**
 * A target's scores where the dataset has its mask, beside those of baselines that need no
 * matching.
 */
final class TargetScores {

  private TargetScores() {}

  /**
   * Puts the scores into a row.
   *
   * @param first the mask of the first exemplar, of its whole image
   */
  static void put(
      MaskRow row,
      ExemplarTransfer.Result result,
      ImageCrop frame,
      ObjectLoader.Loaded target,
      Optional<Box> box,
      Optional<Coverage> first) {
    if (target.mask() == null) {
      return;
    }

    Mask truth = target.mask();
    Mask transferred = whole(result.mask(), frame, truth);
    row.putScore("iou", MaskScores.iou(transferred, truth));
    row.putScore("lt_acc", MaskScores.labelTransferAccuracy(transferred, truth));
    row.putScore("fused_iou", MaskScores.iou(whole(result.fused().mask(), frame, truth), truth));
    row.putScore(
        "best_iou", MaskScores.iou(whole(result.fused().own().get(0), frame, truth), truth));
    first.map(mask -> mask.mask(truth.size())).ifPresent(copy -> pair(row, "copy", copy, truth));
    box.map(corners -> filled(corners, truth)).ifPresent(mask -> pair(row, "box", mask, truth));
  }

  private static void pair(MaskRow row, String prefix, Mask mask, Mask truth) {
    row.putScore(prefix + "_iou", MaskScores.iou(mask, truth));
    row.putScore(prefix + "_lt_acc", MaskScores.labelTransferAccuracy(mask, truth));
  }

  private static Mask filled(Box box, Mask truth) {
    ImageCrop inside = ImageCrop.of(Optional.of(box), 0, truth.width(), truth.height());
    return inside.within(inside.all(), truth.width(), truth.height());
  }

  private static Mask whole(Coverage mask, ImageCrop frame, Mask truth) {
    return frame.within(mask.mask(frame.size()), truth.width(), truth.height());
  }
}
