package org.denseflow.jobs.masks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.transfer.NextExemplars;

/**
 * {@code next.csv}: the images whose masks a person should draw next. Images of different classes
 * do not help each other, so each class is chosen from by itself, in a task of its own, and the
 * choices are merged by gain: together that is the greedy choice from all.
 */
final class NextList {

  private NextList() {}

  /** One proposal, small enough to come back to the driver. */
  private record Proposal(String id, String category, String image, double agreement, double gain)
      implements java.io.Serializable {}

  static void write(RunDirectory run, Dataset<Row> targets, int count) {
    if (count == 0) {
      return;
    }

    List<Proposal> proposals =
        new ArrayList<>(
            targets
                .where("status = 'ok'")
                .select("image_id", "category", "image", "agreement", "feature")
                .javaRDD()
                .groupBy(row -> row.getString(1))
                .flatMap(group -> choose(group._2(), count).iterator())
                .collect());
    proposals.sort(Comparator.comparingDouble(Proposal::gain).reversed());
    StringBuilder text = new StringBuilder("rank,image,category,agreement,gain,uri\n");

    for (int rank = 0; rank < Math.min(count, proposals.size()); rank++) {
      Proposal one = proposals.get(rank);
      text.append(
          String.format(
              Locale.ROOT,
              "%d,%s,%s,%.4f,%.4f,%s%n",
              rank + 1,
              cell(one.id()),
              cell(one.category()),
              one.agreement(),
              one.gain(),
              cell(one.image())));
    }

    run.replace("next.csv", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<Proposal> choose(Iterable<Row> rows, int count) {
    List<Row> images = new ArrayList<>();
    rows.forEach(images::add);
    images.sort(Comparator.comparing(row -> row.getString(0)));
    List<float[]> features = images.stream().map(row -> floats(row.getAs(4))).toList();
    double[] agreements = images.stream().mapToDouble(row -> row.getDouble(3)).toArray();
    return NextExemplars.choose(features, agreements, count).stream()
        .map(
            choice -> {
              Row row = images.get(choice.image());
              return new Proposal(
                  row.getString(0),
                  row.getString(1),
                  row.getString(2),
                  row.getDouble(3),
                  choice.gain());
            })
        .toList();
  }

  private static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static String cell(String text) {
    return text.matches("[^\",\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
