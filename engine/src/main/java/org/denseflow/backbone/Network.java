package org.denseflow.backbone;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network described once: nodes in an order in which each follows its inputs, and taps by the
 * papers' names. The node {@link #INPUT} is the preprocessed image.
 *
 * @param name such as {@code resnet50_v2}
 * @param nodes by name, in order of computation
 * @param taps node names by tap name
 * @param defaultTap the tap that is used when none is asked for
 */
public record Network(
    String name, Map<String, Node> nodes, Map<String, String> taps, String defaultTap) {

  /** The name of the input node. */
  public static final String INPUT = "input";

  /** A layer and the nodes it reads. */
  public record Node(Layer layer, List<String> inputs) {}

  /** The nodes that the given nodes need, in order of computation. */
  public Map<String, Node> upTo(List<String> outputs) {
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(outputs);

    while (!open.isEmpty()) {
      String current = open.pop();

      if (!current.equals(INPUT) && needed.add(current)) {
        open.addAll(nodes.get(current).inputs());
      }
    }

    Map<String, Node> kept = new LinkedHashMap<>(nodes);
    kept.keySet().retainAll(needed);
    return kept;
  }

  /**
   * The node behind a tap.
   *
   * @throws IllegalArgumentException if there is no such tap; the message lists those there are
   */
  public String nodeOf(String tap) {
    String node = taps.get(tap);

    if (node == null) {
      throw new IllegalArgumentException(
          "Invalid tap: %s has no \"%s\"; it has %s".formatted(name, tap, taps.keySet()));
    }

    return node;
  }

  /** The tensors that a set of nodes reads, with their shapes as stored by PyTorch. */
  public static Map<String, int[]> tensorsOf(Map<String, Node> nodes) {
    Map<String, int[]> shapes = new LinkedHashMap<>();

    for (Node node : nodes.values()) {
      shapes.putAll(node.layer().tensors());
    }

    return shapes;
  }

  /** Puts a network together node by node. */
  static final class Builder {
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, String> taps = new LinkedHashMap<>();
    private String last = INPUT;

    /** Appends a layer that reads the last node. */
    Builder then(String name, Layer layer) {
      return node(name, layer, last);
    }

    /** Appends a layer that reads the given nodes. */
    Builder node(String name, Layer layer, String... inputs) {
      nodes.put(name, new Node(layer, List.of(inputs)));
      last = name;
      return this;
    }

    /** Names the last node as a tap. */
    Builder tap(String name) {
      taps.put(name, last);
      return this;
    }

    String last() {
      return last;
    }

    Network build(String name, String defaultTap) {
      return new Network(
          name, Collections.unmodifiableMap(nodes), Collections.unmodifiableMap(taps), defaultTap);
    }
  }

  /** Whether a node's output is added to another's. */
  public boolean isAdded(String node) {
    return nodes.values().stream()
        .anyMatch(reader -> reader.layer() instanceof Layer.Add && reader.inputs().contains(node));
  }

  /**
   * What a node makes of an image.
   *
   * @return {height, width, channels}
   */
  public int[] outputSize(String output, int height, int width) {
    Map<String, int[]> sizes = new LinkedHashMap<>(Map.of(INPUT, new int[] {height, width, 3}));
    upTo(List.of(output))
        .forEach(
            (name, node) -> {
              int[] from = sizes.get(node.inputs().get(0)).clone();

              if (node.layer() instanceof Layer.Convolution c) {
                from[0] = (from[0] + 2 * c.padding() - c.kernel()) / c.stride() + 1;
                from[1] = (from[1] + 2 * c.padding() - c.kernel()) / c.stride() + 1;
                from[2] = c.out();
              } else if (!(node.layer() instanceof Layer.Relu
                  || node.layer() instanceof Layer.Add)) {
                throw new IllegalArgumentException(
                    "Invalid student: %s is not made of convolutions alone".formatted(this.name));
              }

              sizes.put(name, from);
            });
    return sizes.get(output);
  }

  /** How often each node is read inside a set of nodes. */
  static Map<String, Integer> readers(Map<String, Node> nodes) {
    Map<String, Integer> readers = new LinkedHashMap<>();
    List<Node> all = new ArrayList<>(nodes.values());
    all.forEach(node -> node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
    return readers;
  }
}
