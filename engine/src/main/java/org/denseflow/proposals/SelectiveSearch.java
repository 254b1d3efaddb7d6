package org.denseflow.proposals;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbImage;

/**
 * Selective search (Uijlings et al., IJCV 2013): superpixels are merged two by two, the most
 * similar neighbours first, until one region is left; each region on the way is a proposal. One
 * hierarchy for each of four scales k and five colour spaces, as SCNet's released code has them.
 *
 * <p>Similarity is the sum of the paper's colour, size and fill; our choice leaves texture out.
 */
final class SelectiveSearch implements ProposalGenerator {
  private static final double[] SCALES = {50, 100, 150, 300};

  /** Of a superpixel, as a share of the image. */
  private static final double SMALLEST = 1e-3;

  @Override
  public List<RegionBox> propose(RgbImage image, int count, Random random) {
    List<RegionBox> boxes = new ArrayList<>();

    for (ColorSpace space : ColorSpace.values()) {
      FloatImage converted = space.of(image);

      for (double k : SCALES) {
        int smallest = (int) Math.ceil(SMALLEST * image.width() * image.height());
        RegionGraph graph = new RegionGraph(Superpixels.of(converted, k, smallest), converted);
        new Hierarchy(graph).boxes(boxes);
      }
    }

    return boxes;
  }

  /** The greedy grouping of one graph. */
  private static final class Hierarchy {
    private final int pixels;
    private final List<RegionGraph.Region> regions;
    private final List<Set<Integer>> neighbours = new ArrayList<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

    /** Two neighbours; the more similar comes first, then the older. */
    private record Candidate(int a, int b, double similarity) implements Comparable<Candidate> {
      @Override
      public int compareTo(Candidate other) {
        int bySimilarity = Double.compare(other.similarity, similarity);
        int byFirst = bySimilarity != 0 ? bySimilarity : Integer.compare(a, other.a);
        return byFirst != 0 ? byFirst : Integer.compare(b, other.b);
      }
    }

    private Hierarchy(RegionGraph graph) {
      this.pixels = graph.pixels();
      this.regions = new ArrayList<>(graph.regions());
      regions.forEach(region -> neighbours.add(new TreeSet<>()));
      graph.edges().forEach(edge -> connect(edge.a(), edge.b()));
    }

    private void boxes(List<RegionBox> to) {
      regions.forEach(region -> to.add(region.box()));

      for (Candidate best = queue.poll(); best != null; best = queue.poll()) {
        if (neighbours.get(best.a()).contains(best.b())) {
          to.add(merge(best.a(), best.b()).box());
        }
      }
    }

    private RegionGraph.Region merge(int a, int b) {
      RegionGraph.Region merged = regions.get(a).with(regions.get(b));
      int number = regions.size();
      regions.add(merged);
      neighbours.add(new TreeSet<>());
      leave(a, b, number);
      leave(b, a, number);
      return merged;
    }

    /** The neighbours of a region become those of what it is merged into. */
    private void leave(int region, int partner, int merged) {
      for (int other : List.copyOf(neighbours.get(region))) {
        neighbours.get(other).remove(region);

        if (other != partner && !neighbours.get(merged).contains(other)) {
          connect(merged, other);
        }
      }

      neighbours.get(region).clear();
    }

    private void connect(int a, int b) {
      neighbours.get(a).add(b);
      neighbours.get(b).add(a);
      queue.add(new Candidate(a, b, similarity(regions.get(a), regions.get(b))));
    }

    private double similarity(RegionGraph.Region a, RegionGraph.Region b) {
      double size = 1 - (double) (a.size() + b.size()) / pixels;
      return a.colorSimilarity(b) + size + a.fill(b, pixels);
    }
  }
}
