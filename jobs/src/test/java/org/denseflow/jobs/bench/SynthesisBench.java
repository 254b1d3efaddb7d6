package org.denseflow.jobs.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.denseflow.config.ConfigBinder;
import org.denseflow.config.Presets;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.image.RgbImage;
import org.denseflow.synthesis.ImageFacts;
import org.denseflow.synthesis.ObjectCategory;
import org.denseflow.synthesis.ObjectPainter;
import org.denseflow.synthesis.PairDraw;
import org.denseflow.synthesis.PairKey;
import org.denseflow.synthesis.PairParameters;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.synthesis.PairRenderer;
import org.denseflow.synthesis.SyntheticPair;

/**
 * Synthetic pairs on one thread, beside the floor: decode one image and encode two of the views'
 * size, nothing else, with the same codec.
 */
final class SynthesisBench {
  private static final float QUALITY = 0.9f;
  private static final int MOST_IMAGES = 200;
  private static final int RECIPES = 20_000;

  private final List<byte[]> files;
  private final List<RgbImage> images = new ArrayList<>();

  /** Keeps the compiler from leaving out what is not used. */
  private long sink;

  /** Uses the JPEG files of a folder, or drawn images where folder is null. */
  SynthesisBench(Path folder) {
    this.files = folder == null ? drawn() : jpegs(folder);

    for (byte[] file : files) {
      images.add(decode(file));
    }
  }

  List<BenchRow> rows() {
    List<BenchRow> rows = new ArrayList<>();

    for (String preset : List.of("cnngeometric", "sfnet", "rtn")) {
      PairParameters parameters =
          ConfigBinder.bind(Presets.of("synthesis", preset), PairParameters.class);
      rows.add(pixels(preset, parameters));
      rows.add(recipes(preset, parameters));
    }

    return rows;
  }

  private BenchRow pixels(String preset, PairParameters parameters) {
    int width = parameters.view().width();
    int height = parameters.view().height();
    PairDraw draw = new PairDraw(parameters);
    PairRenderer renderer = new PairRenderer(width, height);
    List<PairRecipe> recipes = new ArrayList<>();
    List<SyntheticPair> pairs = new ArrayList<>();

    for (int i = 0; i < images.size(); i++) {
      PairRecipe recipe =
          draw.draw(PairKey.of(1, "image " + i, 0), ImageFacts.of(images.get(i), null)).recipe();
      recipes.add(recipe);
      pairs.add(renderer.render(recipe, images.get(i), null));
    }

    double[] millis =
        Stopwatch.bestMillis(
            images.size(),
            List.of(
                i -> encode(renderer.render(recipes.get(i), decode(files.get(i)), null)),
                i -> {
                  decode(files.get(i));
                  encode(pairs.get(i));
                }));
    return BenchRow.rate(
        "synthesis %s, %dx%d, JPEG %.2f (floor: decode once, encode twice)"
            .formatted(preset, width, height, QUALITY),
        1000 * recipes.size() / millis[0],
        "/s",
        1000 * recipes.size() / millis[1]);
  }

  private void encode(SyntheticPair pair) {
    sink ^= ImageEncoder.jpeg(pair.source(), QUALITY).length;
    sink ^= ImageEncoder.jpeg(pair.target(), QUALITY).length;
  }

  private BenchRow recipes(String preset, PairParameters parameters) {
    PairDraw draw = new PairDraw(parameters);
    ImageFacts facts = ImageFacts.of(images.get(0), null);
    double millis =
        Stopwatch.bestMillis(
            () -> {
              for (int i = 0; i < RECIPES; i++) {
                draw.draw(PairKey.of(1, "image", i), facts);
              }
            });
    double keys =
        Stopwatch.bestMillis(
            () -> {
              for (int i = 0; i < RECIPES; i++) {
                sink ^= PairKey.of(1, "image", i).shuffle();
              }
            });
    return BenchRow.rate(
        "synthesis %s, recipes (floor: their keys alone)".formatted(preset),
        1000 * RECIPES / millis,
        "/s",
        1000 * RECIPES / keys);
  }

  private static List<byte[]> drawn() {
    List<byte[]> files = new ArrayList<>();
    ObjectCategory[] categories = ObjectCategory.values();

    for (int i = 0; i < MOST_IMAGES; i++) {
      RgbImage image = ObjectPainter.draw(categories[i % categories.length], 256, 192, i).image();
      files.add(ImageEncoder.jpeg(image, QUALITY));
    }

    return files;
  }

  private static List<byte[]> jpegs(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<byte[]> files = new ArrayList<>();

      for (Path path :
          walk.filter(p -> p.toString().endsWith(".jpg")).sorted().limit(MOST_IMAGES).toList()) {
        files.add(Files.readAllBytes(path));
      }

      if (files.isEmpty()) {
        throw new IllegalArgumentException("Cannot find a .jpg file below " + folder);
      }

      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder, e);
    }
  }

  private static RgbImage decode(byte[] bytes) {
    try {
      return ImageDecoder.decode(bytes, ImageLimits.DEFAULT).image();
    } catch (ImageException e) {
      throw new IllegalStateException(e);
    }
  }
}
