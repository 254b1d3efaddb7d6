package org.denseflow.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The graphs of a model by what they are made for, a grid or an image's size. It has at most {@link
 * #MOST}: where another is made the one that was used least recently is closed. Used by one thread
 * at a time.
 */
public final class GraphCache<K> implements AutoCloseable {
  /** Graphs at a time: images of one working size have one grid, style networks a few sizes. */
  public static final int MOST = 8;

  private final Function<K, OwnedGraph> maker;
  private final Map<K, OwnedGraph> graphs = new LinkedHashMap<>(MOST, 0.75f, true);

  /** Makes graphs where they are asked for. */
  public GraphCache(Function<K, OwnedGraph> maker) {
    this.maker = maker;
  }

  /** A graph, valid until the next call. */
  public OwnedGraph get(K key) {
    OwnedGraph graph = graphs.computeIfAbsent(key, maker);

    if (graphs.size() > MOST) {
      graphs.remove(graphs.keySet().iterator().next()).close();
    }

    return graph;
  }

  @Override
  public void close() {
    graphs.values().forEach(OwnedGraph::close);
    graphs.clear();
  }
}
