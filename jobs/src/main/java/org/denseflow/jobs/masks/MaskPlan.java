package org.denseflow.jobs.masks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.denseflow.jobs.Counted;

/**
 * All tiles of a run in order: class by class, blocks of targets, each with all exemplars of its
 * class. A pure function of the selection and its parameters.
 */
record MaskPlan(List<MaskTile> tiles) {

  static MaskPlan of(
      Map<String, MaskSelection.Members> classes, MaskTransferParameters.Tiles parameters) {
    List<MaskTile> tiles = new ArrayList<>();
    int chunk = 0;
    long inChunk = 0;

    for (Map.Entry<String, MaskSelection.Members> entry : classes.entrySet()) {
      List<MaskImage> exemplars = entry.getValue().exemplars();
      List<MaskImage> targets = entry.getValue().targets();

      for (int from = 0; from < targets.size(); from += parameters.tileImages()) {
        int to = Math.min(targets.size(), from + parameters.tileImages());
        long pairs = (long) exemplars.size() * (to - from);

        if (inChunk > 0 && inChunk + pairs > parameters.chunkPairs()) {
          chunk++;
          inChunk = 0;
        }

        tiles.add(
            new MaskTile(
                chunk,
                tiles.size(),
                entry.getKey(),
                exemplars,
                List.copyOf(targets.subList(from, to))));
        inChunk += pairs;
      }
    }

    return new MaskPlan(List.copyOf(tiles));
  }

  int chunks() {
    return tiles.isEmpty() ? 0 : tiles.get(tiles.size() - 1).chunk() + 1;
  }

  List<MaskTile> chunk(int chunk) {
    return tiles.stream().filter(tile -> tile.chunk() == chunk).toList();
  }

  long targets() {
    return tiles.stream().mapToLong(tile -> tile.targets().size()).sum();
  }

  long pairs() {
    return tiles.stream().mapToLong(MaskTile::pairs).sum();
  }

  long evaluated(int shortlist) {
    return tiles.stream().mapToLong(tile -> tile.evaluated(shortlist)).sum();
  }

  /** Distinct images. */
  long images() {
    Set<String> images = new HashSet<>();
    tiles.stream()
        .flatMap(tile -> Stream.concat(tile.exemplars().stream(), tile.targets().stream()))
        .forEach(image -> images.add(image.uri()));
    return images.size();
  }

  /** Images described, where a task's exemplars fit into its memory. */
  long described() {
    return tiles.stream().mapToLong(t -> t.exemplars().size() + t.targets().size()).sum();
  }

  String summary(int shortlist, int held) {
    long images = images();
    long evaluated = evaluated(shortlist);
    int most = tiles.stream().mapToInt(tile -> tile.exemplars().size()).max().orElse(0);
    return ("plan: %s, %s with exemplars: %d evaluated, %d skipped by the shortlist of %d; %s in %s; images described %d (%.2f per distinct image)%s; at most %s in a task's memory")
        .formatted(
            Counted.of(targets(), "targets"),
            Counted.of(pairs(), "pairs"),
            evaluated,
            pairs() - evaluated,
            shortlist,
            Counted.of(tiles.size(), "tiles"),
            Counted.of(chunks(), "chunks"),
            described(),
            (double) described() / Math.max(1, images),
            most > held ? " or more: a class has %d exemplars".formatted(most) : "",
            Counted.of(Math.min(most, held) + 1, "images"));
  }
}
