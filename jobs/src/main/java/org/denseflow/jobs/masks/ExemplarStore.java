package org.denseflow.jobs.masks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.denseflow.image.Coverage;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.WorkerPool;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.transfer.ExemplarTransfer;
import org.denseflow.transfer.GlobalFeature;

/**
 * A class's exemplars in a task: each is described once, its global feature is kept; of its dense
 * features those used last are held, others are computed again when they are needed.
 */
final class ExemplarStore implements AutoCloseable {
  private final MaskContext context;
  private final AnyMatcher matcher;
  private final ObjectLoader loader;
  private final ExemplarTransfer transfer;
  private final Map<MaskImage, Exemplar> held = new LinkedHashMap<>(16, 0.75f, true);
  private final List<MaskImage> sound = new ArrayList<>();
  private final List<float[]> features = new ArrayList<>();
  private final Map<MaskImage, ImageFailure> failures = new LinkedHashMap<>();
  private final Map<MaskImage, Integer> orientations = new HashMap<>();
  private final Set<MaskImage> stored = new HashSet<>();
  private Coverage first;
  private float[] mean = new float[0];
  private long described;

  ExemplarStore(MaskContext context, AnyMatcher matcher, ObjectLoader loader) {
    this.context = context;
    this.matcher = matcher;
    this.loader = loader;
    this.transfer = new ExemplarTransfer(context.parameters().mask());
  }

  /** What is matched and carried over. */
  record Exemplar(ImageFeatures features, Coverage mask) {}

  /** Describes all exemplars; those that cannot be read are among the failures from then on. */
  void describe(List<MaskImage> exemplars) {
    List<float[]> raw = new ArrayList<>();

    for (MaskImage image : exemplars) {
      ObjectLoader.Loaded loaded = image.load(loader);

      if (loaded.failure() != null) {
        failures.put(image, loaded.failure());
      } else {
        if (sound.isEmpty()) {
          first = transfer.exemplar(loaded.mask());
        }

        orientations.put(image, loaded.orientation());

        if (loaded.isDescribed()) {
          stored.add(image);
        }

        raw.add(GlobalFeature.of(hold(image, loaded).features()));
        sound.add(image);
      }
    }

    if (!raw.isEmpty()) {
      mean = GlobalFeature.mean(raw);
      raw.forEach(feature -> features.add(GlobalFeature.centred(feature, mean)));
    }
  }

  /** Those that can be used, in their order. */
  List<MaskImage> sound() {
    return sound;
  }

  Map<MaskImage, ImageFailure> failures() {
    return failures;
  }

  /** The EXIF orientation tag of one that can be used. */
  int orientation(MaskImage image) {
    return orientations.get(image);
  }

  /** Whether one that can be used had features already. */
  boolean isStored(MaskImage image) {
    return stored.contains(image);
  }

  /** Centred global features of {@link #sound}. */
  List<float[]> features() {
    return features;
  }

  /** Another image's global feature, centred by the exemplars' mean. */
  float[] centred(ImageFeatures image) {
    return GlobalFeature.centred(GlobalFeature.of(image), mean);
  }

  /** The first exemplar's mask, of its whole image: what a baseline copies; not the target's. */
  Optional<Coverage> firstMask(MaskImage target) {
    return Optional.of(first).filter(mask -> !sound.get(0).uri().equals(target.uri()));
  }

  /** How many images were described so far. */
  long described() {
    return described;
  }

  /** An exemplar with its dense features; those of the one used longest ago may be freed. */
  Exemplar exemplar(MaskImage image) {
    Exemplar known = held.get(image);

    if (known != null) {
      return known;
    }

    ObjectLoader.Loaded loaded = image.load(loader);

    if (loaded.failure() != null) {
      throw new IllegalStateException(
          "%s has changed while it was used: %s".formatted(image.uri(), loaded.failure().detail()));
    }

    return hold(image, loaded);
  }

  private Exemplar hold(MaskImage image, ObjectLoader.Loaded loaded) {
    if (held.size() >= context.parameters().exemplars().held()) {
      MaskImage eldest = held.keySet().iterator().next();
      WorkerPool.close(held.remove(eldest).features());
    }

    RgbImage whole = loaded.image();
    ImageCrop frame = context.frame(image, whole.width(), whole.height());
    described += loaded.isDescribed() ? 0 : 1;
    Coverage mask = transfer.exemplar(frame.of(loaded.mask()));
    Exemplar exemplar = new Exemplar(context.features(matcher, loaded, frame), mask);
    held.put(image, exemplar);
    return exemplar;
  }

  @Override
  public void close() {
    held.values().forEach(exemplar -> WorkerPool.close(exemplar.features()));
    held.clear();
  }
}
