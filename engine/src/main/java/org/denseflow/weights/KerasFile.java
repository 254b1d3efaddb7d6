package org.denseflow.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;

/**
 * Keras .h5, weights alone or a whole model (then below {@code model_weights}): every data set
 * becomes a tensor named by its path, for example {@code conv1/conv1/kernel:0}. Kernels stay as
 * stored, {@code [kH, kW, in, out]}. Attributes, the model's configuration among them, are not
 * read.
 */
final class KerasFile {
  private static final int MAX_DEPTH = 12;
  private static final String MODEL_WEIGHTS = "model_weights";

  private KerasFile() {}

  static WeightFile.Contents read(FileChannel channel) throws IOException {
    WeightFile.Contents contents = WeightFile.Contents.empty();
    Map<String, Hdf5Object> members = new Hdf5File(channel).root().members();
    boolean wholeModel = members.containsKey(MODEL_WEIGHTS);
    collect(wholeModel ? members.get(MODEL_WEIGHTS).members() : members, "", 1, contents);

    return contents;
  }

  private static void collect(
      Map<String, Hdf5Object> members, String prefix, int depth, WeightFile.Contents contents)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw WeightException.malformed(
          "the HDF5 file is nested more than %d deep".formatted(MAX_DEPTH));
    }

    for (Map.Entry<String, Hdf5Object> member : members.entrySet()) {
      String name = prefix + member.getKey();

      if (member.getValue().isGroup()) {
        collect(member.getValue().members(), name + "/", depth + 1, contents);
      } else {
        contents.put(name, () -> member.getValue().tensor(name));
      }
    }
  }
}
