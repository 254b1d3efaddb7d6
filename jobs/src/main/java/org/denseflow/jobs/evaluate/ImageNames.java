package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import org.denseflow.jobs.dataset.ImagePair;

/**
 * Compares the images of a row with those of a pair, although the dataset may have moved since:
 * paths below the dataset's folder are compared, and the names of files outside of it.
 *
 * @param folder the dataset's, without a slash at its end
 */
record ImageNames(String folder) implements Serializable {

  /** For the root of a dataset, a folder or a list in one. */
  static ImageNames below(String root) {
    boolean isList = root.endsWith(".csv") || root.endsWith(".parquet");
    return new ImageNames(isList ? root.substring(0, Math.max(root.lastIndexOf('/'), 0)) : root);
  }

  /** Whether a row with these images is of the pair. */
  boolean match(ImagePair pair, String source, String target) {
    return same(pair.source(), source) && same(pair.target(), target);
  }

  private boolean same(String own, String other) {
    String name =
        own.startsWith(folder + "/")
            ? own.substring(folder.length())
            : own.substring(own.lastIndexOf('/'));
    return own.equals(other) || ("/" + other).endsWith(name);
  }
}
