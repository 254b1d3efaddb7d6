package org.denseflow.jobs.transfer;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.flow.ContactSheet;
import org.denseflow.flow.Warp;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.transfer.AttributeTransfer;
import org.denseflow.transfer.AttributeTransfer.Subject;

/**
 * A pair's iterations side by side, as SAM-Net's Figure 4: source, target, then of each iteration
 * the stylised image and the target as the iteration's flow warps it.
 */
final class Strips {
  private static final int CELL = 256;

  private Strips() {}

  static byte[] png(Subject source, Subject target, AttributeTransfer.Result result) {
    List<String> titles = new ArrayList<>(List.of("source", "target"));
    List<RgbImage> pictures = new ArrayList<>(List.of(source.image(), target.image()));
    int width = source.image().width();
    int height = source.image().height();

    for (AttributeTransfer.Iteration iteration : result.iterations()) {
      int number = titles.size() / 2;
      titles.add("stylised " + number);
      titles.add("warped " + number);
      pictures.add(iteration.stylised());
      pictures.add(Warp.backward(target.image(), iteration.flow(), source.image().size()));
    }

    return ImageEncoder.png(ContactSheet.draw(titles, List.of(pictures), CELL));
  }
}
