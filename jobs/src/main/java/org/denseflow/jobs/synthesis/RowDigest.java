package org.denseflow.jobs.synthesis;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The digest of a row of {@link PairTable}: the first 16 bytes of the SHA-256 of its cells in
 * order, without {@code image}, {@code mask} and {@code error_detail} (which name places, not
 * content). A cell is one byte 0 when null, else 1 and the value: whole numbers and doubles
 * big-endian, a boolean as a byte, texts (UTF-8), bytes and arrays with their length as 4 bytes
 * before, a map as its length and its entries sorted by key.
 *
 * <p>The digest of a table is the sum of its rows' digests modulo 2^128: the same for any order.
 */
final class RowDigest {
  private static final int BYTES = 16;
  private static final List<Integer> SKIPPED =
      List.of(
          PairTable.SCHEMA.fieldIndex("image"),
          PairTable.SCHEMA.fieldIndex("mask"),
          PairTable.SCHEMA.fieldIndex("error_detail"),
          PairTable.SCHEMA.size() - 1);

  private RowDigest() {}

  /** Puts the digest into the last cell. */
  static Object[] complete(Object[] cells) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);

    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (int i = 0; i < cells.length; i++) {
        if (!SKIPPED.contains(i)) {
          write(cells[i], out);
        }
      }

      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      cells[cells.length - 1] = Arrays.copyOf(digest, BYTES);
      return cells;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The digest of a table, given the digests of its rows. */
  static String of(JavaRDD<byte[]> rows) {
    BigInteger sum =
        rows.map(bytes -> new BigInteger(1, bytes)).fold(BigInteger.ZERO, BigInteger::add);
    byte[] bytes = sum.mod(BigInteger.ONE.shiftLeft(8 * BYTES)).toByteArray();
    byte[] fixed = new byte[BYTES];
    int length = Math.min(BYTES, bytes.length);
    System.arraycopy(bytes, bytes.length - length, fixed, BYTES - length, length);
    return HexFormat.of().formatHex(fixed);
  }

  private static void write(Object cell, DataOutputStream out) throws IOException {
    if (cell == null) {
      out.writeByte(0);
      return;
    }

    out.writeByte(1);

    if (cell instanceof String text) {
      write(text.getBytes(StandardCharsets.UTF_8), out);
    } else if (cell instanceof byte[] bytes) {
      write(bytes, out);
    } else if (cell instanceof Integer number) {
      out.writeInt(number);
    } else if (cell instanceof Long number) {
      out.writeLong(number);
    } else if (cell instanceof Double number) {
      out.writeDouble(number);
    } else if (cell instanceof Boolean flag) {
      out.writeByte(flag ? 1 : 0);
    } else if (cell instanceof double[] numbers) {
      numbers(Arrays.stream(numbers).boxed().toList(), out);
    } else if (cell instanceof scala.collection.Seq<?> numbers) {
      numbers(CollectionConverters.asJava(numbers), out);
    } else if (cell instanceof scala.collection.Map<?, ?> map) {
      map(CollectionConverters.asJava(map), out);
    } else {
      throw new IllegalArgumentException("Cannot digest " + cell.getClass());
    }
  }

  private static void write(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void numbers(List<?> numbers, DataOutputStream out) throws IOException {
    out.writeInt(numbers.size());

    for (Object number : numbers) {
      out.writeDouble((Double) number);
    }
  }

  private static void map(Map<?, ?> map, DataOutputStream out) throws IOException {
    TreeMap<String, Double> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put((String) key, (Double) value));
    out.writeInt(sorted.size());

    for (Map.Entry<String, Double> entry : sorted.entrySet()) {
      write(entry.getKey().getBytes(StandardCharsets.UTF_8), out);
      out.writeDouble(entry.getValue());
    }
  }
}
