package org.denseflow.jobs.flow;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The best candidates of one image, the most similar first, of equally similar ones the first by
 * number.
 */
final class NearestList implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int image;
  private final int[] images;
  private final double[] similarity;
  private int size;

  NearestList(int image, int most) {
    this.image = image;
    this.images = new int[most];
    this.similarity = new double[most];
  }

  /** The image's number. */
  int image() {
    return image;
  }

  /** A candidate and its cosine. */
  record Candidate(int image, double similarity) {}

  /** Adds a candidate, if it is among the best. */
  void add(int candidate, double cosine) {
    int at = size;

    while (at > 0 && isBefore(candidate, cosine, at - 1)) {
      at--;
    }

    if (at == images.length) {
      return;
    }

    size = Math.min(images.length, size + 1);
    System.arraycopy(images, at, images, at + 1, size - at - 1);
    System.arraycopy(similarity, at, similarity, at + 1, size - at - 1);
    images[at] = candidate;
    similarity[at] = cosine;
  }

  private boolean isBefore(int candidate, double cosine, int other) {
    return cosine > similarity[other] || cosine == similarity[other] && candidate < images[other];
  }

  /** Adds those of other candidates; this is the result. */
  NearestList plus(NearestList other) {
    other.all().forEach(own -> add(own.image(), own.similarity()));
    return this;
  }

  /** A candidate that is less similar is not among the best. */
  double least() {
    return size < images.length ? Double.NEGATIVE_INFINITY : similarity[size - 1];
  }

  List<Candidate> all() {
    List<Candidate> all = new ArrayList<>();

    for (int i = 0; i < size; i++) {
      all.add(new Candidate(images[i], similarity[i]));
    }

    return all;
  }
}
