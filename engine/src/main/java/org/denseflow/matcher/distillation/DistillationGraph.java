package org.denseflow.matcher.distillation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.denseflow.backbone.network.InitialWeights;
import org.denseflow.backbone.network.Layer;
import org.denseflow.backbone.network.MapShape;
import org.denseflow.backbone.network.Network;
import org.denseflow.backbone.network.SameDiffNetwork;
import org.denseflow.geometry.Size;
import org.denseflow.graph.BatchNormalisation;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.L2Normalisation;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.TrainingGraph.Statistic;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The student as a graph, from the views of a pair to the losses. With s and t the L2-normalised
 * features of student and teacher at a cell, t projected to the principal components of centred
 * features:
 *
 * <ul>
 *   <li>cosine: the mean of 1 − s·t over all cells of both views;
 *   <li>structure: the mean of (s·s' − t·t')² over all pairs of a cell of a source and one of its
 *       own target, and over those of a source and the next pair's target (Tung and Mori,
 *       Similarity-Preserving Knowledge Distillation, ICCV 2019, with cells in place of images): it
 *       is the correlation that matching reads.
 * </ul>
 *
 * <p>Placeholders: {@code source} and {@code target} {@code [batch, height, width, 3]},
 * preprocessed; {@code source.teacher} and {@code target.teacher} {@code [batch, h, w, channels]};
 * {@code teacher.mean} {@code [channels]} and {@code teacher.components} {@code [channels, out]}.
 */
final class DistillationGraph {
  static final String SOURCE = "source";
  static final String TARGET = "target";
  static final String SOURCE_TEACHER = "source.teacher";
  static final String TARGET_TEACHER = "target.teacher";
  static final String MEAN = "teacher.mean";
  static final String COMPONENTS = "teacher.components";
  private static final double EPSILON = 1e-6;

  private final SameDiff graph = OwnedGraph.empty();
  private final DistillationParameters parameters;
  private final Network student;
  private final String output;
  private final Size views;
  private final Size grid;
  private final int channels;
  private final int out;
  private final GraphMode mode;
  private final DataType type;
  private final List<Statistic> statistics = new ArrayList<>();

  /**
   * Builds nothing yet.
   *
   * @param views pixels of a view
   * @param channels of the teacher
   * @throws IllegalArgumentException if the student has normalisations of its own
   */
  DistillationGraph(
      DistillationParameters parameters,
      Network student,
      Size views,
      int channels,
      GraphMode mode,
      DataType type) {
    this.parameters = parameters;
    this.student = student;
    this.output = student.nodeOf(student.defaultTap());
    this.views = views;
    this.channels = channels;
    this.mode = mode;
    this.type = type;
    InitialWeights.requireNoNormalisation(student);
    MapShape features = student.shapeOf(output, views);
    this.grid = features.grid();
    this.out = features.channels();
  }

  /** Cells of both networks' features. */
  Size grid() {
    return grid;
  }

  /** Channels of the student's features. */
  int out() {
    return out;
  }

  TrainingGraph build(long seed) {
    SDVariable source = graph.placeHolder(SOURCE, type, -1, -1, -1, 3);
    SDVariable target = graph.placeHolder(TARGET, type, -1, -1, -1, 3);
    SDVariable students = student(source, target, seed);
    SDVariable teachers = teacher();
    SDVariable cosine =
        students.mul(teachers).sum(1).mean().rsub(1).mul("cosine", parameters.cosineWeight());
    SDVariable own = graph.math().square(own(students).sub(own(teachers))).mean();
    SDVariable other = graph.math().square(next(students).sub(next(teachers))).mean();
    SDVariable structure = own.add(other).mul("structure", parameters.structureWeight() / 2);
    return new TrainingGraph(
        graph,
        graph.identity("total", cosine.add(structure)),
        List.of(cosine, structure),
        statistics);
  }

  /** The student's features of all sources, then all targets, {@code [2·batch·h·w, out]}. */
  private SDVariable student(SDVariable source, SDVariable target, long seed) {
    SameDiffNetwork network =
        new SameDiffNetwork(
            student,
            List.of(output),
            InitialWeights.draw(student, seed),
            graph.concat(0, source, target),
            normalisers());
    SDVariable features = graph.getVariable(network.outputs().get(0));
    return L2Normalisation.apply(features.reshape(-1, out), out, EPSILON);
  }

  /**
   * Batch normalisation of the maps that are as small as the features; that of larger ones would
   * take most of the memory.
   */
  private Map<String, UnaryOperator<SDVariable>> normalisers() {
    Map<String, UnaryOperator<SDVariable>> normalisers = new LinkedHashMap<>();

    student
        .convolutions()
        .forEach(
            (node, layer) -> {
              if (student.shapeOf(node, views).grid().height() == grid.height()) {
                normalisers.put(node, convolved -> normalise(node, layer, convolved));
              }
            });
    return normalisers;
  }

  /**
   * By the statistics of all views of a batch. A normalisation that ends a residual branch starts
   * smaller, so that the network starts near the identity.
   */
  private SDVariable normalise(String node, Layer.Convolution layer, SDVariable convolved) {
    String name = layer.weights();
    double scale = student.isAdded(node) ? parameters.residualScale() : 1;
    BatchNormalisation norm = new BatchNormalisation(graph, name, layer.out(), scale, type);

    if (mode == GraphMode.INFERENCE) {
      return norm.inference(
          convolved,
          graph.placeHolder(Statistic.meanName(name), type, layer.out()),
          graph.placeHolder(Statistic.varianceName(name), type, layer.out()));
    }

    BatchNormalisation.Trained trained = norm.training(convolved, "views");
    statistics.add(new Statistic(name, layer.out(), List.of(trained), 2L * grid.cells()));
    return trained.output();
  }

  private SDVariable teacher() {
    SDVariable features =
        graph.concat(0, teacherOf(SOURCE_TEACHER), teacherOf(TARGET_TEACHER)).reshape(-1, channels);
    SDVariable centred = features.sub(graph.placeHolder(MEAN, type, channels));
    SDVariable projected = centred.mmul(graph.placeHolder(COMPONENTS, type, channels, out));
    return L2Normalisation.apply(projected, out, EPSILON);
  }

  private SDVariable teacherOf(String name) {
    return graph.placeHolder(name, type, -1, grid.height(), grid.width(), channels);
  }

  /** Similarities of each source with its target, {@code [batch, h·w, h·w]}. */
  private SDVariable own(SDVariable features) {
    SDVariable pairs = features.reshape(2, -1, grid.cells(), out);
    return similarities(half(pairs, 0), half(pairs, 1));
  }

  /** Similarities of each source with the next target, {@code [batch, h·w, h·w]}. */
  private SDVariable next(SDVariable features) {
    SDVariable pairs = features.reshape(2, -1, grid.cells(), out);
    SDVariable targets = half(pairs, 1);
    SDVariable first = targets.get(SDIndex.interval(0, 1));
    SDVariable others = targets.get(SDIndex.interval(1L, null));
    return similarities(half(pairs, 0), graph.concat(0, others, first));
  }

  private static SDVariable half(SDVariable pairs, int index) {
    return pairs.get(SDIndex.point(index));
  }

  private SDVariable similarities(SDVariable a, SDVariable b) {
    return graph.mmul(a, b, false, true, false);
  }
}
