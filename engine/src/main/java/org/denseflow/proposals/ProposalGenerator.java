package org.denseflow.proposals;

import java.util.List;
import java.util.Random;
import org.denseflow.image.RgbImage;

/** A generator of region proposals. */
interface ProposalGenerator {

  /**
   * Regions of an image, in pixels, in any order and with repetitions; more than asked for where
   * the generator has more, and boxes that a filter leaves out later among them.
   *
   * @param count how many are wanted
   * @param random the only source of chance
   */
  List<RegionBox> propose(RgbImage image, int count, Random random);
}
