package org.denseflow.backbone;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.denseflow.image.RgbColor;
import org.denseflow.image.WorkingSize;

/**
 * The description of a backbone: what it returns and how images are to be handed over.
 *
 * @param name by which presets ask for it; of one that was read from a file, the file's name
 * @param taps all that it has, in order of computation
 * @param defaultTap the one that is used when none is asked for
 * @param weights where they come from
 * @param preprocessing what its weights expect of pixels
 * @param patchMultiple the sides of images must be multiples of it, in pixels
 * @param paddingColor the colour that counts as nothing: what is around an image
 * @param batchSize images that it describes at a time; 1 where more are not faster
 * @param regions how it describes regions of an image
 */
public record BackboneInfo(
    String name,
    List<Tap> taps,
    String defaultTap,
    Weights weights,
    Preprocessing preprocessing,
    int patchMultiple,
    RgbColor paddingColor,
    int batchSize,
    Regions regions) {

  /** Of a network that describes one image at a time, of any size. */
  public BackboneInfo(
      String name,
      List<Tap> taps,
      String defaultTap,
      Weights weights,
      Preprocessing preprocessing) {
    this(
        name,
        taps,
        defaultTap,
        weights,
        preprocessing,
        1,
        preprocessing.neutral(),
        1,
        Regions.POOLED);
  }

  /** Where weights come from. */
  public enum Weights {
    /** There are none. */
    NONE,
    /** From the engine, unless a file is given. */
    INCLUDED,
    /** From a file that must be given. */
    FILE
  }

  /** How regions are described. */
  public enum Regions {
    /** By what is pooled from the feature maps inside them. */
    POOLED,
    /** By the gradients of their own pixels. */
    GRADIENTS
  }

  /** The names of all taps. */
  public List<String> tapNames() {
    return taps.stream().map(Tap::name).toList();
  }

  /**
   * Checks that the backbone has taps.
   *
   * @param wanted none for the default
   * @return those wanted, or the default
   * @throws IllegalArgumentException that names those it lacks, and those it has
   */
  public List<String> choose(List<String> wanted) {
    Collection<String> known = tapNames();
    List<String> unknown = wanted.stream().filter(tap -> !known.contains(tap)).toList();

    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid taps: backbone %s has no %s; it has %s; pass --set backbone.taps=[%s], its default, or others of these%s"
              .formatted(
                  name,
                  String.join(", ", unknown),
                  taps.stream().map(Tap::toString).collect(Collectors.joining(", ")),
                  defaultTap,
                  NearestName.to(unknown.get(0), known).map(", such as "::concat).orElse("")));
    }

    return wanted.isEmpty() ? List.of(defaultTap) : wanted;
  }

  /**
   * Checks that images of a size, with its padding, can be described.
   *
   * @throws IllegalArgumentException that names sizes near it that can
   */
  public void requireSize(WorkingSize size) {
    int border = 2 * size.padding().orElse(0);
    int width = size.width() + border;
    int height = size.height() + border;

    if (width % patchMultiple != 0 || height % patchMultiple != 0) {
      throw new IllegalArgumentException(
          "Invalid working size: %s describes patches of %d pixels, so that sides must be multiples of it, found %dx%d; set image.width=%d and image.height=%d, less any padding"
              .formatted(name, patchMultiple, width, height, multiple(width), multiple(height)));
    }
  }

  private int multiple(int side) {
    return Math.max(1, Math.round((float) side / patchMultiple)) * patchMultiple;
  }
}
