package org.denseflow.jobs.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.denseflow.image.ImageDecoder;
import org.denseflow.image.ImageException;
import org.denseflow.image.ImageLimits;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.RunTable;
import scala.jdk.javaapi.CollectionConverters;

/** Compares the cells of two rows of a table. */
final class CellComparison {
  private final RunTable table;
  private final Row left;
  private final Row right;

  CellComparison(RunTable table, Row left, Row right) {
    this.table = table;
    this.left = left;
    this.right = right;
  }

  /** How far the rows lie apart in a column. */
  CellDifference of(String column) {
    return between(column, left.getAs(column), right.getAs(column));
  }

  private CellDifference between(String path, Object a, Object b) {
    if (a == null || b == null) {
      return a == b ? CellDifference.NONE : CellDifference.UNLIKE;
    } else if (a instanceof byte[] bytes) {
      return binary(path, bytes, (byte[]) b);
    } else if (a instanceof scala.collection.Seq<?> list) {
      return lists(
          path,
          CollectionConverters.asJava(list),
          CollectionConverters.asJava((scala.collection.Seq<?>) b));
    } else if (a instanceof scala.collection.Map<?, ?> map) {
      return maps(
          path,
          CollectionConverters.asJava(map),
          CollectionConverters.asJava((scala.collection.Map<?, ?>) b));
    } else if (a instanceof Row row) {
      return rows(path, row, (Row) b);
    } else if (a.equals(b)) {
      return CellDifference.NONE;
    } else if (a instanceof Number number) {
      return new CellDifference(false, 0.0)
          .plus(CellDifference.of(number.doubleValue(), ((Number) b).doubleValue()));
    }

    return CellDifference.UNLIKE;
  }

  private CellDifference lists(String path, List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return CellDifference.UNLIKE;
    }

    CellDifference difference = CellDifference.NONE;

    for (int i = 0; i < a.size(); i++) {
      difference = difference.plus(between(path, a.get(i), b.get(i)));
    }

    return difference;
  }

  private CellDifference maps(String path, Map<?, ?> a, Map<?, ?> b) {
    return a.keySet().equals(b.keySet())
        ? a.keySet().stream()
            .map(key -> between(path, a.get(key), b.get(key)))
            .reduce(CellDifference.NONE, CellDifference::plus)
        : CellDifference.UNLIKE;
  }

  private CellDifference rows(String path, Row a, Row b) {
    CellDifference difference = CellDifference.NONE;

    for (String field : a.schema().fieldNames()) {
      difference =
          difference.plus(between(path + "." + field, a.<Object>getAs(field), b.getAs(field)));
    }

    return difference;
  }

  private CellDifference binary(String path, byte[] a, byte[] b) {
    if (Arrays.equals(a, b)) {
      return CellDifference.NONE;
    }

    RunTable.Stored stored = table.stored().get(path);
    return stored == null
        ? CellDifference.UNLIKE
        : new CellDifference(false, 0.0)
            .plus(CellDifference.of(numbers(stored, a, left), numbers(stored, b, right)));
  }

  private static float[] numbers(RunTable.Stored stored, byte[] bytes, Row row) {
    return switch (stored) {
      case SINGLE -> FlowTable.numbers(bytes, "f32le");
      case FLOW -> FlowTable.numbers(bytes, row.getAs("flow_encoding"));
      case BYTES -> unsigned(bytes);
      case IMAGE -> pixels(bytes);
    };
  }

  private static float[] unsigned(byte[] bytes) {
    float[] numbers = new float[bytes.length];

    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes[i] & 0xff;
    }

    return numbers;
  }

  private static float[] pixels(byte[] encoded) {
    try {
      return unsigned(ImageDecoder.decode(encoded, ImageLimits.DEFAULT).image().pixels());
    } catch (ImageException e) {
      throw new IllegalStateException("Cannot read an image of a table", e);
    }
  }
}
