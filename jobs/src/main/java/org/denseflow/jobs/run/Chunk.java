package org.denseflow.jobs.run;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A chunk of a table, {@code TABLE/chunk=NNNNN}. Who writes it uses file names of its own and
 * touches no others; then it creates the next marker, which exists once. The newest marker names
 * the files that count. So a driver that was frozen, however long and wherever, and did not see
 * that another has taken over takes none of that one's rows away: its marker is there already, and
 * no marker names its files.
 *
 * <p>A generation is the number of a marker: 0 for the first rows, one more for each replacement. A
 * chunk of a derived table has the generation of the rows that it was made from, and is behind
 * where these have been replaced.
 */
public final class Chunk {
  private final RunDirectory run;
  private final RunFiles files;
  private final Path folder;

  Chunk(RunDirectory run, RunFiles files, Path folder) {
    this.run = run;
    this.files = files;
    this.folder = folder;
  }

  /** The URI of its folder. */
  public String uri() {
    return folder.toString();
  }

  /** The rows that count. */
  public Dataset<Row> read(SparkSession spark, StructType schema) {
    return ParquetTables.read(
        spark,
        schema,
        uri(),
        ChunkFiles.glob(newest(ChunkFiles.of(files.names(folder))).attempt()));
  }

  /**
   * Writes all rows anew, in place of those that are there, if any.
   *
   * @return the chunk's generation
   * @throws IllegalStateException if another driver has taken over
   */
  public int write(Dataset<Row> rows) {
    return write(rows, ChunkFiles.of(files.names(folder)).generation() + 1);
  }

  /**
   * Writes rows that were made from others: for a derived table, or to replace some of a chunk's.
   *
   * @param generation that of the rows which those of a derived table were made from; one more than
   *     that of the rows which are replaced
   * @return the chunk's generation
   * @throws IllegalStateException if another driver has taken over
   */
  public int write(Dataset<Row> rows, int generation) {
    return write(rows, generation, Map.of());
  }

  /**
   * The same.
   *
   * @param parquet options of the files besides those of all tables
   */
  public int write(Dataset<Row> rows, int generation, Map<String, String> parquet) {
    run.checkClaim();
    return publish(generation, attempt(rows, generation, parquet));
  }

  /**
   * Says that the chunk's plain files are complete, whose names and contents are the same whoever
   * writes them.
   *
   * @param generation of the rows that they were made from
   * @throws IllegalStateException if another driver has taken over
   */
  public void mark(int generation) {
    run.checkClaim();
    publish(generation, new ChunkMarker(name(generation), List.of()));
  }

  /** Writes rows that do not count yet. */
  ChunkMarker attempt(Dataset<Row> rows, int generation) {
    return attempt(rows, generation, Map.of());
  }

  private ChunkMarker attempt(Dataset<Row> rows, int generation, Map<String, String> parquet) {
    String attempt = name(generation);
    return new ChunkMarker(
        attempt, run.attempt(() -> Commit.write(rows, files, folder, attempt, parquet)));
  }

  /** The files that count. */
  List<FileStatus> parts() {
    List<FileStatus> all = files.statuses(folder);
    List<String> names = all.stream().map(file -> file.getPath().getName()).toList();
    List<String> own = newest(ChunkFiles.of(names)).files();
    return all.stream().filter(file -> own.contains(file.getPath().getName())).toList();
  }

  private static String name(int generation) {
    return generation + "-" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  }

  /** Makes an attempt's rows count, unless others of this generation do. */
  int publish(int generation, ChunkMarker marker) {
    files.create(new Path(folder, ChunkFiles.marker(generation)), marker.text());
    List<String> names = files.names(folder);
    int newest = clean(ChunkFiles.of(names));
    run.checkClaim();
    removeUnfinished(names);
    return newest;
  }

  /**
   * Removes files that will never count.
   *
   * @param found the names in the folder
   * @return the generation, {@link ChunkFiles#NONE} if the chunk is not committed
   */
  int clean(ChunkFiles found) {
    if (found.generation() != ChunkFiles.NONE && !found.isSettled()) {
      found.dead(newest(found)).forEach(name -> files.delete(new Path(folder, name)));
    }

    return found.generation();
  }

  /**
   * As {@link #clean}, also of files that an earlier driver was about to publish as replacement:
   * the rows that count get the marker that these were written for.
   */
  int takeOver(ChunkFiles found) {
    if (found.generation() == ChunkFiles.NONE || found.written() <= found.generation()) {
      return clean(found);
    }

    run.checkClaim();
    return publish(found.written(), newest(found));
  }

  private ChunkMarker newest(ChunkFiles found) {
    String text =
        files
            .read(new Path(folder, ChunkFiles.marker(found.generation())))
            .orElseThrow(
                () -> new IllegalStateException("Chunk %s is not committed".formatted(folder)));
    return text.isBlank()
        ? new ChunkMarker(
            "", found.parts().stream().filter(part -> ChunkFiles.attempt(part).isEmpty()).toList())
        : ChunkMarker.parse(text);
  }

  /** What writes of drivers that are gone have left: they were listed before the claim was seen. */
  private void removeUnfinished(List<String> names) {
    names.stream()
        .filter(name -> name.startsWith("__magic") || name.equals("_temporary"))
        .forEach(name -> files.delete(new Path(folder, name)));
    files.abortUploads(folder);
  }
}
