package org.denseflow.jobs.run;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/**
 * A table that a job leaves: the key of its rows and the content of its columns.
 *
 * @param name of its folder
 * @param schema its columns
 * @param key SQL expressions that together tell a row from all others
 * @param varying columns in which two runs of the same may differ, such as times and places in a
 *     plan
 * @param stored how the numbers of BINARY columns are stored; a column within another is named
 *     {@code steps.flow}
 * @param names the column that says what a row's {@code value} is, where a table has one row per
 *     value; else empty
 */
public record RunTable(
    String name,
    StructType schema,
    List<String> key,
    Set<String> varying,
    Map<String, Stored> stored,
    String names)
    implements Serializable {

  /** How numbers are stored in a BINARY cell. */
  public enum Stored {
    /** Little-endian numbers of four bytes. */
    SINGLE,
    /** Little-endian numbers as the row's {@code flow_encoding} says. */
    FLOW,
    /** Whole numbers from 0 to 255, a byte each. */
    BYTES,
    /** The pixels of an encoded image. */
    IMAGE
  }

  /** A table with a column for each value. */
  public RunTable(
      String name,
      StructType schema,
      List<String> key,
      Set<String> varying,
      Map<String, Stored> stored) {
    this(name, schema, key, varying, stored, "");
  }
}
