package org.denseflow.matcher.distillation;

/**
 * Parameters of distillation: the student network, the teacher's projection and the losses'
 * weights.
 *
 * @param student the network to train, by the backbone's name
 * @param sample pairs whose features the principal components are taken from
 * @param residualScale scale of the normalisation that ends a residual branch at first
 * @param cosineWeight weight of the distance of the student's features to the teacher's
 * @param structureWeight weight of the difference of similarities between cells
 */
public record DistillationParameters(
    String student, int sample, double residualScale, double cosineWeight, double structureWeight) {

  /** Checks the ranges. */
  public DistillationParameters {
    if (sample < 1) {
      throw new IllegalArgumentException("Invalid sample: must be positive, found " + sample);
    }

    if (!(cosineWeight >= 0 && structureWeight >= 0 && cosineWeight + structureWeight > 0)) {
      throw new IllegalArgumentException(
          "Invalid cosine-weight and structure-weight: not negative and not both 0, found %s and %s"
              .formatted(cosineWeight, structureWeight));
    }
  }
}
