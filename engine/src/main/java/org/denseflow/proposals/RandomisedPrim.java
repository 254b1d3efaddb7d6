package org.denseflow.proposals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.denseflow.image.RgbImage;

/**
 * Prime object proposals (Manen, Guillaumin and Van Gool, ICCV 2013): from a superpixel drawn at
 * random a tree grows over the graph of superpixels, edge by edge, each drawn with a probability in
 * proportion to the similarity of the two superpixels that it joins; it stops at random, the sooner
 * the less similar they are and the larger the region is. The box around what it covers is a
 * proposal.
 *
 * <p>As in the code that SCNet used, trees grow on four segmentations ({@link Superpixels}), of
 * four colour spaces. Our choice, since the paper learns them from annotated objects: an edge's
 * weight is the logistic function of {@value #BIAS} + {@value #COLOR} · (histogram intersection) +
 * {@value #BORDER} · (border over the smaller border length of both) + {@value #SIZE} · (1 - area
 * of both), and the share of objects smaller than a region is the root of its share of the image.
 */
final class RandomisedPrim implements ProposalGenerator {
  private static final List<ColorSpace> SPACES =
      List.of(ColorSpace.HSV, ColorSpace.LAB, ColorSpace.OPPONENT, ColorSpace.RGI);

  private static final double K = 100;

  private static final double BIAS = -3;
  private static final double COLOR = 4;
  private static final double BORDER = 2;
  private static final double SIZE = 1;

  @Override
  public List<RegionBox> propose(RgbImage image, int count, Random random) {
    List<RegionBox> boxes = new ArrayList<>();

    for (ColorSpace space : SPACES) {
      RgbImage converted = space.of(image);
      Trees trees = new Trees(new RegionGraph(Superpixels.of(converted, K), converted));

      for (int i = 0; i < count / SPACES.size(); i++) {
        boxes.add(trees.grow(random));
      }
    }

    return boxes;
  }

  /** Trees on one graph. */
  private static final class Trees {
    private final RegionGraph graph;
    private final double[] weights;
    private final List<List<Integer>> edgesOf = new ArrayList<>();

    private Trees(RegionGraph graph) {
      this.graph = graph;
      this.weights = new double[graph.edges().size()];
      int[] border = new int[graph.regions().size()];
      graph.regions().forEach(region -> edgesOf.add(new ArrayList<>()));

      for (int e = 0; e < weights.length; e++) {
        RegionGraph.Edge edge = graph.edges().get(e);
        border[edge.a()] += edge.border();
        border[edge.b()] += edge.border();
        edgesOf.get(edge.a()).add(e);
        edgesOf.get(edge.b()).add(e);
      }

      for (int e = 0; e < weights.length; e++) {
        RegionGraph.Edge edge = graph.edges().get(e);
        RegionGraph.Region a = graph.regions().get(edge.a());
        RegionGraph.Region b = graph.regions().get(edge.b());
        double shared = (double) edge.border() / Math.min(border[edge.a()], border[edge.b()]);
        double area = (double) (a.size() + b.size()) / graph.pixels();
        double x = BIAS + COLOR * a.colorSimilarity(b) + BORDER * shared + SIZE * (1 - area);
        weights[e] = 1 / (1 + Math.exp(-x));
      }
    }

    private RegionBox grow(Random random) {
      int start = random.nextInt(graph.regions().size());
      boolean[] inside = new boolean[graph.regions().size()];
      List<Integer> frontier = new ArrayList<>();
      RegionGraph.Region first = graph.regions().get(start);
      double size = first.size();
      RegionBox box = first.box();
      int added = start;

      while (true) {
        enter(added, inside, frontier);

        if (frontier.isEmpty()) {
          return box;
        }

        int edge = draw(frontier, random);
        double smaller = Math.sqrt(size / graph.pixels());

        if (random.nextDouble() < (1 - weights[edge] + smaller) / 2) {
          return box;
        }

        RegionGraph.Edge taken = graph.edges().get(edge);
        added = inside[taken.a()] ? taken.b() : taken.a();
        RegionGraph.Region region = graph.regions().get(added);
        size += region.size();
        box = around(box, region.box());
      }
    }

    /** The region's edges to the outside join the frontier, those to it leave it. */
    private void enter(int region, boolean[] inside, List<Integer> frontier) {
      inside[region] = true;
      frontier.removeIf(e -> inside[graph.edges().get(e).a()] && inside[graph.edges().get(e).b()]);

      for (int e : edgesOf.get(region)) {
        if (!inside[graph.edges().get(e).other(region)]) {
          frontier.add(e);
        }
      }
    }

    private int draw(List<Integer> frontier, Random random) {
      double sum = 0;

      for (int e : frontier) {
        sum += weights[e];
      }

      double at = random.nextDouble() * sum;

      for (int e : frontier) {
        at -= weights[e];

        if (at <= 0) {
          return e;
        }
      }

      return frontier.get(frontier.size() - 1);
    }

    private static RegionBox around(RegionBox a, RegionBox b) {
      return new RegionBox(
          Math.min(a.x1(), b.x1()),
          Math.min(a.y1(), b.y1()),
          Math.max(a.x2(), b.x2()),
          Math.max(a.y2(), b.y2()));
    }
  }
}
