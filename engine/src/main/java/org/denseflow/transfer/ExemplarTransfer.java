package org.denseflow.transfer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.geometry.Size;
import org.denseflow.image.Coverage;
import org.denseflow.image.Mask;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.Match;
import org.denseflow.transfer.MaskFusion.Fused;
import org.denseflow.transfer.MaskFusion.Vote;
import org.denseflow.transfer.MaskParameters.GrabCut;

/**
 * The mask of a target image from matched exemplars: the best by matching score vote, the fused
 * mask is refined along edges.
 */
public final class ExemplarTransfer {
  /** Only what nearly all exemplars agree on is certain. */
  private static final GrabCut PROBE = new GrabCut(0.95, 0.02, 3);

  private final MaskParameters parameters;
  private final MaskFusion fusion;
  private final MaskRefinement refinement;

  /** As these parameters say. */
  public ExemplarTransfer(MaskParameters parameters) {
    this.parameters = parameters;
    this.fusion = new MaskFusion(parameters);
    this.refinement = new MaskRefinement(parameters);
  }

  /**
   * A matched exemplar.
   *
   * @param mask as {@link #exemplar} has it
   * @param match of the target (as source) with the exemplar (as target)
   */
  public record Matched(Coverage mask, Match match) {}

  /**
   * A target's mask.
   *
   * @param mask at the working size
   * @param fused before refinement
   * @param voters numbers of the matched exemplars that voted, best score first, as in {@code
   *     fused}
   * @param certainty mean of the mask where it is above one half
   * @param stability IoU of the mask and what GrabCut makes of the same votes when it may change
   *     nearly all of them
   * @param score mean matching score of the voters, 0 to 1
   */
  public record Result(
      Coverage mask, Fused fused, int[] voters, double certainty, double stability, double score) {

    /**
     * How far the mask may be trusted, 0 to 1: certainty times stability times score (our choice).
     * On 120 CUB images its rank correlation with the IoU is 0.61, and 0.60 with that before
     * refinement.
     */
    public double agreement() {
      return certainty * stability * score;
    }
  }

  /** An exemplar's mask as it is kept for all targets: at the working size. */
  public Coverage exemplar(Mask mask) {
    return Coverage.of(mask, working(mask.size()));
  }

  /**
   * Transfers.
   *
   * @param exemplars at least one
   */
  public Result transfer(RgbImage target, List<Matched> exemplars) {
    int[] voters =
        IntStream.range(0, exemplars.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -exemplars.get(i).match().score()))
            .limit(parameters.votes())
            .mapToInt(Integer::intValue)
            .toArray();
    List<Vote> votes = new ArrayList<>();

    for (int voter : voters) {
      Match match = exemplars.get(voter).match();
      votes.add(new Vote(exemplars.get(voter).mask(), match.flow(), match.score()));
    }

    Size size = working(target.size());
    RgbImage image = Resize.toRgb(target, size.width(), size.height());
    Fused fused = fusion.fuse(votes, size);
    Coverage mask = refinement.refine(fused.mask(), image);
    double score =
        Arrays.stream(voters)
            .mapToDouble(i -> exemplars.get(i).match().score())
            .average()
            .orElse(0);
    return new Result(
        mask,
        fused,
        voters,
        certainty(mask),
        stability(mask, fused, image),
        Math.max(0, Math.min(1, score)));
  }

  private static double certainty(Coverage mask) {
    double sum = 0;
    int count = 0;

    for (float share : mask.share()) {
      if (share > 0.5) {
        sum += share;
        count++;
      }
    }

    return count == 0 ? 0 : sum / count;
  }

  private double stability(Coverage mask, Fused fused, RgbImage image) {
    return Coverage.iou(mask.hard(), refinement.grabCut(fused.mask(), image, PROBE).hard());
  }

  /** A size with the longer side as asked for; smaller images are enlarged. */
  private Size working(Size image) {
    double scale = (double) parameters.side() / Math.max(image.width(), image.height());
    return new Size(
        (int) Math.max(1, Math.round(scale * image.width())),
        (int) Math.max(1, Math.round(scale * image.height())));
  }
}
