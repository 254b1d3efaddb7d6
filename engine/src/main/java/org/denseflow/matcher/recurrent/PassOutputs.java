package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.graph.OwnedGraph;
import org.denseflow.image.RgbImage;
import org.denseflow.style.StyleCodec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The outputs of a graph that matches a batch of pairs.
 *
 * @param passes of the network
 * @param pixels of the stylised images; empty where nothing is stylised
 */
record PassOutputs(int passes, Optional<Size> pixels) {
  private static final String FIELDS = "fields.";
  private static final String IMAGE = "stylised.";
  private static final String COSINE = "cosine";

  /**
   * Names a graph's outputs.
   *
   * @param fields after each pass
   * @param images after each pass; not used where nothing is stylised
   * @param source described upright
   * @param target described through the last fields
   */
  void declare(
      SameDiff graph,
      List<SDVariable> fields,
      List<SDVariable> images,
      SDVariable source,
      SDVariable target) {
    for (int pass = 0; pass < passes; pass++) {
      graph.identity(FIELDS + pass, fields.get(pass));

      if (pixels.isPresent()) {
        graph.identity(IMAGE + pass, images.get(pass));
      }
    }

    source.mul(target).sum(COSINE, 3);
  }

  /**
   * Runs a graph; frees its inputs.
   *
   * @param inputs of as many pairs
   */
  List<RecurrentModel.Result> run(OwnedGraph graph, Map<String, INDArray> inputs, int pairs) {
    Map<String, INDArray> output = output(graph, inputs);
    List<List<float[]>> fields = new ArrayList<>();
    List<List<float[]>> images = new ArrayList<>();

    for (int pass = 0; pass < passes; pass++) {
      fields.add(FeatureMapArrays.split(output.get(FIELDS + pass), pairs));

      if (pixels.isPresent()) {
        images.add(FeatureMapArrays.split(output.get(IMAGE + pass), pairs));
      }
    }

    List<float[]> cosines = FeatureMapArrays.split(output.get(COSINE), pairs);
    List<RecurrentModel.Result> results = new ArrayList<>();

    for (int pair = 0; pair < pairs; pair++) {
      int own = pair;
      results.add(
          new RecurrentModel.Result(
              fields.stream().map(pass -> pass.get(own)).toList(),
              cosines.get(pair),
              images.stream().map(pass -> image(pass.get(own))).toList()));
    }

    return results;
  }

  private Map<String, INDArray> output(OwnedGraph graph, Map<String, INDArray> inputs) {
    try {
      return graph.output(inputs, names());
    } finally {
      inputs.values().forEach(INDArray::close);
    }
  }

  private RgbImage image(float[] values) {
    return StyleCodec.image(pixels.orElseThrow(), values);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of(COSINE));

    for (int pass = 0; pass < passes; pass++) {
      names.add(FIELDS + pass);

      if (pixels.isPresent()) {
        names.add(IMAGE + pass);
      }
    }

    return names;
  }
}
