package org.denseflow.jobs.masks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.DatasetImage;
import org.denseflow.jobs.dataset.DatasetImage.Split;
import org.denseflow.jobs.dataset.FileStore;

/** Selects the images of a dataset that give masks and those that get them, by class. */
final class MaskSelection {
  private final List<DatasetImage> images;
  private final FileStore files;

  MaskSelection(List<DatasetImage> images, FileStore files) {
    this.images = images;
    this.files = files;
  }

  /** A class's images in the dataset's order. */
  record Members(List<MaskImage> exemplars, List<MaskImage> targets) {}

  /**
   * Selects.
   *
   * @param exemplars {@code train}, {@code test}, how many of each class, or a file of ids
   * @param targets {@code train}, {@code test}, {@code all} or a file of ids
   * @param limit the largest number of targets in all
   * @throws UsageException if nothing is selected, or an exemplar of a file has no mask
   */
  Map<String, Members> select(String exemplars, String targets, long limit) {
    List<DatasetImage> giving = exemplars(exemplars);
    Set<String> given = new HashSet<>();
    giving.forEach(image -> given.add(image.id()));
    Map<String, Members> classes = new LinkedHashMap<>();
    giving.forEach(i -> members(classes, i).exemplars().add(MaskImage.of(i)));
    images.stream()
        .filter(targets(targets, given))
        .limit(limit)
        .forEach(image -> members(classes, image).targets().add(MaskImage.of(image)));
    classes.values().removeIf(members -> members.targets().isEmpty());

    if (classes.isEmpty()) {
      throw new UsageException(
          "Invalid --targets: %s selects none of the dataset's %d images"
              .formatted(targets, images.size()));
    }

    return classes;
  }

  private static Members members(Map<String, Members> classes, DatasetImage image) {
    return classes.computeIfAbsent(
        image.category(), c -> new Members(new ArrayList<>(), new ArrayList<>()));
  }

  private List<DatasetImage> exemplars(String option) {
    List<DatasetImage> chosen =
        switch (option) {
          case "train" -> masked(image -> image.split() != Split.TEST);
          case "test" -> masked(image -> image.split() == Split.TEST);
          default ->
              option.matches("[0-9]+") ? firstOfEachClass(option) : listed(option, "--exemplars");
        };

    if (chosen.isEmpty()) {
      throw new UsageException(
          "Invalid --exemplars: %s selects no image that has a mask".formatted(option));
    }

    for (DatasetImage image : chosen) {
      if (image.annotation().maskUri().isEmpty()) {
        throw new UsageException(
            "Invalid --exemplars: %s in %s has no mask".formatted(image.id(), option));
      }
    }

    return chosen;
  }

  private List<DatasetImage> masked(Predicate<DatasetImage> split) {
    return images.stream()
        .filter(image -> image.annotation().maskUri().isPresent())
        .filter(split)
        .toList();
  }

  private List<DatasetImage> firstOfEachClass(String option) {
    int count = Integer.parseInt(option);
    Map<String, Integer> taken = new LinkedHashMap<>();
    return masked(image -> image.split() != Split.TEST).stream()
        .filter(image -> taken.merge(image.category(), 1, Integer::sum) <= count)
        .toList();
  }

  private Predicate<DatasetImage> targets(String option, Set<String> given) {
    return switch (option) {
      case "all" -> image -> true;
      case "train" -> image -> image.split() == Split.TRAIN;
      case "test" -> image -> image.split() != Split.TRAIN && !given.contains(image.id());
      default -> {
        Set<String> ids = new HashSet<>();
        listed(option, "--targets").forEach(image -> ids.add(image.id()));
        yield image -> ids.contains(image.id());
      }
    };
  }

  /** The images that a text file names, one id a line. */
  private List<DatasetImage> listed(String uri, String option) {
    if (!files.exists(uri)) {
      throw new UsageException(
          "Invalid %s: %s is neither a file nor one of the values that --help lists"
              .formatted(option, uri));
    }

    Map<String, DatasetImage> byId = new LinkedHashMap<>();
    images.forEach(image -> byId.put(image.id(), image));
    List<DatasetImage> listed = new ArrayList<>();

    for (String id : files.text(uri).lines().map(String::strip).distinct().toList()) {
      if (!id.isEmpty() && !byId.containsKey(id)) {
        throw new UsageException(
            "Invalid %s: %s names %s, which the dataset does not have; its first image is %s"
                .formatted(option, uri, id, images.get(0).id()));
      }

      if (!id.isEmpty()) {
        listed.add(byId.get(id));
      }
    }

    return listed;
  }
}
