package org.denseflow.jobs.compare;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.WeightFiles;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightFile;

/** Compares the tensors of two runs' weight files: a row for each, a column for its values. */
final class TensorComparison {

  private TensorComparison() {}

  static TableComparison of(
      String file, RunDirectory run, RunDirectory with, double tolerance, Configuration hadoop) {
    Map<String, Tensor> left = read(run.table(file), hadoop);
    Map<String, Tensor> right = read(with.table(file), hadoop);
    TreeSet<String> names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    return names.stream()
        .map(name -> row(name, left.get(name), right.get(name), tolerance))
        .reduce(TableComparison.NONE, TableComparison::plus);
  }

  private static TableComparison row(String name, Tensor left, Tensor right, double tolerance) {
    if (right == null) {
      return TableComparison.missing(name);
    } else if (left == null) {
      return TableComparison.additional(name);
    }

    CellDifference difference =
        Arrays.equals(left.shape(), right.shape())
            ? CellDifference.of(left.values(), right.values())
            : CellDifference.UNLIKE;
    return TableComparison.ofRow(
        new TreeMap<>(Map.of("values", ColumnComparison.of(name, difference, tolerance))));
  }

  private static Map<String, Tensor> read(String uri, Configuration hadoop) {
    return WeightFile.read(WeightFiles.local(uri, hadoop).orElseThrow()).tensors();
  }
}
