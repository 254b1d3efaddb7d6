package org.denseflow.backbone.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.denseflow.geometry.Size;

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

  /** The convolutions by node name, in order of computation. */
  public Map<String, Layer.Convolution> convolutions() {
    Map<String, Layer.Convolution> convolutions = new LinkedHashMap<>();
    nodes.forEach(
        (node, value) -> {
          if (value.layer() instanceof Layer.Convolution convolution) {
            convolutions.put(node, convolution);
          }
        });
    return convolutions;
  }

  /** What a node makes of an image of a size. */
  public MapShape shapeOf(String output, Size image) {
    Map<String, MapShape> shapes = new HashMap<>(Map.of(INPUT, new MapShape(image, 3)));
    upTo(List.of(output))
        .forEach(
            (name, node) ->
                shapes.put(
                    name,
                    node.layer()
                        .accept(
                            new MapShape.After(node.inputs().stream().map(shapes::get).toList()))));
    return shapes.get(output);
  }

  /** Pixels from one cell of a node to the next; none where one cell is the whole image. */
  Optional<Integer> stride(String output) {
    Map<String, Integer> strides = new HashMap<>(Map.of(INPUT, 1));
    upTo(List.of(output))
        .forEach(
            (name, node) -> {
              Integer before = strides.get(node.inputs().get(0));

              if (before != null && !(node.layer() instanceof Layer.GlobalAverage)) {
                strides.put(name, before * node.layer().stride());
              }
            });
    return Optional.ofNullable(strides.get(output));
  }

  /** How often each node is read inside a set of nodes. */
  static Map<String, Integer> readers(Map<String, Node> nodes) {
    Map<String, Integer> readers = new LinkedHashMap<>();
    List<Node> all = new ArrayList<>(nodes.values());
    all.forEach(node -> node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
    return readers;
  }
}
