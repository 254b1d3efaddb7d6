package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.denseflow.transfer.MaskParameters.Filter;
import org.denseflow.transfer.MaskParameters.GrabCut;
import org.denseflow.transfer.MaskParameters.Refinement;
import org.junit.jupiter.api.Test;

class MaskParametersTest {

  static MaskParameters with(double power, double sharpness, int votes) {
    return with(power, sharpness, votes, Refinement.NONE);
  }

  static MaskParameters with(double power, double sharpness, int votes, Refinement refinement) {
    return new MaskParameters(
        64, 4, votes, power, sharpness, refinement, new Filter(4, 0.01), new GrabCut(0.8, 0.1, 3));
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> with(-1, 0, 3)).hasMessageContaining("found -1.0 and 0.0");
    assertThatThrownBy(() -> with(0, 0, 0)).hasMessageContaining("found 64, 4 and 0");
    assertThatThrownBy(() -> new Filter(0, 1)).hasMessageContaining("found 0 and 1.0");
    assertThatThrownBy(() -> new GrabCut(0.4, 0, 1)).hasMessageContaining("found 0.4, 0.0 and 1");
  }
}
