package org.denseflow.matcher.distillation;

import java.util.List;
import org.denseflow.backbone.InitialWeights;
import org.denseflow.backbone.Network;
import org.denseflow.backbone.SameDiffNetwork;
import org.denseflow.training.GridSize;
import org.denseflow.training.L2Normalisation;
import org.denseflow.training.TrainingGraph;
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

  private final SameDiff graph = SameDiff.create();
  private final DistillationParameters parameters;
  private final Network student;
  private final GridSize grid;
  private final int channels;
  private final int out;
  private final DataType type;

  /**
   * Builds nothing yet.
   *
   * @param grid of both networks
   * @param channels of the teacher
   * @param out of the student
   */
  DistillationGraph(
      DistillationParameters parameters,
      Network student,
      GridSize grid,
      int channels,
      int out,
      DataType type) {
    this.parameters = parameters;
    this.student = student;
    this.grid = grid;
    this.channels = channels;
    this.out = out;
    this.type = type;
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
        List.of());
  }

  /** The student's features of all sources, then all targets, {@code [2·batch·h·w, out]}. */
  private SDVariable student(SDVariable source, SDVariable target, long seed) {
    String node = student.nodeOf(student.defaultTap());
    SameDiffNetwork network =
        new SameDiffNetwork(
            student,
            List.of(node),
            InitialWeights.draw(student, parameters.residualScale(), seed),
            graph.concat(0, source, target));
    SDVariable features = graph.getVariable(network.outputs().get(0));
    return L2Normalisation.apply(features.reshape(-1, out), out, EPSILON);
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
