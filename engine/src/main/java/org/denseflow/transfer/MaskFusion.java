package org.denseflow.transfer;

import java.util.List;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.geometry.Size;
import org.denseflow.image.Coverage;

/**
 * Several exemplars' masks seen from one target image, fused by a vote at each pixel p: the mean of
 * the transferred masks, exemplar e weighted by exp(beta · score_e) · confidence_e(p)^gamma (our
 * choice). A match that leaves the exemplar votes for background ({@link MaskTransfer}).
 */
public final class MaskFusion {
  /** Keeps a pixel where nobody is confident from having no vote at all. */
  private static final double LEAST = 1e-3;

  private final double sharpness;
  private final double power;

  /** With the sharpness (beta) and the power (gamma) of these parameters. */
  public MaskFusion(MaskParameters parameters) {
    this.sharpness = parameters.scoreSharpness();
    this.power = parameters.confidencePower();
  }

  /**
   * The vote of one exemplar.
   *
   * @param mask of the exemplar, of any size
   * @param flow on the target's grid, pointing into the exemplar
   * @param score of the match as a whole, 0 to 1
   */
  public record Vote(Coverage mask, FlowField flow, double score) {}

  /**
   * A fused mask.
   *
   * @param mask of the target, at the size asked for
   * @param own each exemplar's mask alone, carried over, in the votes' order
   * @param weights each exemplar's part of the vote, summing to 1
   * @param agreements soft IoU of each own mask with the fused one
   */
  public record Fused(Coverage mask, List<Coverage> own, double[] weights, double[] agreements) {

    /** How much the exemplars agree, 0 to 1: mean of the agreements by weight. */
    public double agreement() {
      double sum = 0;

      for (int e = 0; e < weights.length; e++) {
        sum += weights[e] * agreements[e];
      }

      return sum;
    }
  }

  /**
   * Fuses.
   *
   * @param votes at least one
   * @param size of the fused mask, pixels
   */
  public Fused fuse(List<Vote> votes, Size size) {
    int width = size.width();
    int height = size.height();
    List<Coverage> own =
        votes.stream().map(vote -> MaskTransfer.carry(vote.mask(), vote.flow(), size)).toList();
    double best = votes.stream().mapToDouble(Vote::score).max().orElseThrow();
    double[] weights = new double[votes.size()];
    double[] sum = new double[width * height];
    double[] total = new double[width * height];

    for (int e = 0; e < weights.length; e++) {
      double weight = Math.exp(sharpness * (votes.get(e).score() - best));

      for (int i = 0; i < sum.length; i++) {
        double x = (i % width + 0.5) / width;
        double y = (i / width + 0.5) / height;
        double trusted = weight * trust(votes.get(e).flow(), x, y);
        sum[i] += trusted * own.get(e).share()[i];
        total[i] += trusted;
        weights[e] += trusted;
      }
    }

    float[] share = new float[sum.length];

    for (int i = 0; i < share.length; i++) {
      share[i] = (float) (sum[i] / total[i]);
    }

    Coverage fused = new Coverage(width, height, share);
    return new Fused(fused, own, normalised(weights), agreements(own, fused));
  }

  private double trust(FlowField flow, double x, double y) {
    boolean valid = FlowSampler.valid(flow, x, y);
    double confidence = valid ? FlowSampler.confidence(flow, x, y) : 0;
    return power == 0 ? 1 : Math.pow(Math.max(LEAST, confidence), power);
  }

  private static double[] normalised(double[] weights) {
    double sum = 0;

    for (double weight : weights) {
      sum += weight;
    }

    for (int e = 0; e < weights.length; e++) {
      weights[e] /= sum;
    }

    return weights;
  }

  private static double[] agreements(List<Coverage> own, Coverage fused) {
    return own.stream().mapToDouble(mask -> Coverage.iou(mask, fused)).toArray();
  }
}
