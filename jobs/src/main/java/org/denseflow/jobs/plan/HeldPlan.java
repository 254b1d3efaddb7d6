package org.denseflow.jobs.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** The plan of a list that the driver holds. */
final class HeldPlan implements RunPlan {
  private final JavaSparkContext spark;
  private final Map<Integer, List<Tile>> chunks = new TreeMap<>();

  HeldPlan(JavaSparkContext spark, List<Tile> tiles) {
    this.spark = spark;
    tiles.forEach(
        tile -> chunks.computeIfAbsent(tile.chunk(), number -> new ArrayList<>()).add(tile));
  }

  /** All tiles in order. */
  List<Tile> all() {
    return chunks.values().stream().flatMap(List::stream).toList();
  }

  @Override
  public PlanCounts counts() {
    Set<String> images = new HashSet<>();
    all().forEach(tile -> images.addAll(tile.images()));
    return new PlanCounts(
        chunks.values().stream()
            .map(tiles -> tiles.stream().map(Tile::alone).reduce(PlannedChunk::plus).orElseThrow())
            .toList(),
        images.size());
  }

  @Override
  public JavaRDD<Tile> tiles(int chunk, int partitions) {
    List<Tile> tiles = chunks.get(chunk);
    Split split =
        new Split(
            tiles.stream().mapToInt(Tile::id).toArray(),
            tiles.stream().mapToLong(Tile::cost).toArray(),
            partitions);
    List<List<Tile>> parts = new ArrayList<>();

    for (int part = 0; part < split.numPartitions(); part++) {
      parts.add(new ArrayList<>());
    }

    tiles.forEach(tile -> parts.get(split.getPartition(tile.id())).add(tile));
    return spark.parallelize(parts, parts.size()).flatMap(List::iterator);
  }
}
