package org.denseflow.proposals;

import static org.bytedeco.opencv.global.opencv_ximgproc.createSelectiveSearchSegmentation;
import static org.bytedeco.opencv.global.opencv_ximgproc.createSelectiveSearchSegmentationStrategyColor;
import static org.bytedeco.opencv.global.opencv_ximgproc.createSelectiveSearchSegmentationStrategyFill;
import static org.bytedeco.opencv.global.opencv_ximgproc.createSelectiveSearchSegmentationStrategyMultiple;
import static org.bytedeco.opencv.global.opencv_ximgproc.createSelectiveSearchSegmentationStrategySize;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_ximgproc.SelectiveSearchSegmentation;
import org.denseflow.image.OpenCv;
import org.denseflow.image.RgbImage;

/**
 * Selective search (Uijlings et al., IJCV 2013), by OpenCV: superpixels are merged two by two, the
 * most similar neighbours first, until one region is left; each region on the way is a proposal.
 * One hierarchy for each of four scales k and five colour spaces, as SCNet's released code has
 * them.
 *
 * <p>Similarity is the mean of the paper's colour, size and fill; our choice leaves texture out.
 * OpenCV's order of the regions is drawn from a source of chance that all threads share, so they
 * are sorted here.
 */
final class SelectiveSearch implements ProposalGenerator {
  private static final double[] SCALES = {50, 100, 150, 300};

  private static final Comparator<RegionBox> ORDER =
      Comparator.comparingDouble(RegionBox::x1)
          .thenComparingDouble(RegionBox::y1)
          .thenComparingDouble(RegionBox::x2)
          .thenComparingDouble(RegionBox::y2);

  @Override
  @SuppressWarnings("unchecked")
  public List<RegionBox> propose(RgbImage image, int count, Random random) {
    OpenCv.load();

    try (PointerScope scope = new PointerScope()) {
      SelectiveSearchSegmentation search = createSelectiveSearchSegmentation();

      for (ColorSpace space : ColorSpace.values()) {
        search.addImage(OpenCv.mat(space.of(image)));
      }

      for (double k : SCALES) {
        search.addGraphSegmentation(Superpixels.segmentation(image, k));
      }

      search.addStrategy(
          createSelectiveSearchSegmentationStrategyMultiple(
              createSelectiveSearchSegmentationStrategyColor(),
              createSelectiveSearchSegmentationStrategySize(),
              createSelectiveSearchSegmentationStrategyFill()));
      RectVector found = new RectVector();
      search.process(found);
      return Arrays.stream(found.get()).map(SelectiveSearch::box).distinct().sorted(ORDER).toList();
    }
  }

  private static RegionBox box(Rect rect) {
    return new RegionBox(rect.x(), rect.y(), rect.x() + rect.width(), rect.y() + rect.height());
  }
}
