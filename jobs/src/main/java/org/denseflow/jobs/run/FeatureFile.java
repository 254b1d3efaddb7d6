package org.denseflow.jobs.run;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.filter2.columnindex.RowRanges;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.StoredCells;

/**
 * A file of the {@code features} table, from which single images are read. What it says of its
 * images is read once; the features of one are then a page, which is one request to an object
 * store. A process keeps the files open that were used last.
 */
final class FeatureFile {
  /** Files that a process keeps open. */
  private static final int MOST_OPEN = 128;

  private static final Map<String, FeatureFile> OPEN = new LinkedHashMap<>(16, 0.75f, true);

  private final Path path;
  private final long length;
  private final Map<String, Entry> entries = new HashMap<>();
  private ParquetFileReader reader;

  private FeatureFile(String uri, long length) {
    this.path = new Path(uri);
    this.length = length;
  }

  /** What a row says of an image that was described, and where it is; nothing is checked yet. */
  private record Entry(
      long fileBytes,
      String fileDigest,
      int orientation,
      int width,
      int height,
      int gridWidth,
      int gridHeight,
      List<StoredCells.Layer> maps,
      int format,
      int block,
      long row) {}

  /** An image's row. */
  record Row(long fileBytes, String fileDigest, int orientation, Features features) {}

  /** Reads features. */
  @FunctionalInterface
  interface Features {
    StoredCells read() throws IOException;
  }

  /** A file of a process, open or to be opened. */
  static FeatureFile of(String uri, long length) {
    synchronized (OPEN) {
      FeatureFile file = OPEN.computeIfAbsent(uri, key -> new FeatureFile(uri, length));
      Iterator<FeatureFile> oldest = OPEN.values().iterator();

      while (OPEN.size() > MOST_OPEN) {
        FeatureFile other = oldest.next();
        oldest.remove();
        other.close();
      }

      return file;
    }
  }

  /** Closes all files of this process. */
  static void closeAll() {
    synchronized (OPEN) {
      OPEN.values().forEach(FeatureFile::close);
      OPEN.clear();
    }
  }

  /**
   * The row of an image, if it was described.
   *
   * @throws IOException if the storage fails
   * @throws IllegalArgumentException if the file is damaged
   */
  synchronized Optional<Row> find(String image, Configuration configuration) throws IOException {
    open(configuration);
    Entry entry = entries.get(image);
    return entry == null
        ? Optional.empty()
        : Optional.of(
            new Row(
                entry.fileBytes(),
                entry.fileDigest(),
                entry.orientation(),
                () -> features(entry, configuration)));
  }

  private synchronized StoredCells features(Entry entry, Configuration configuration)
      throws IOException {
    open(configuration);

    if (entry.format() != StoredCells.FORMAT) {
      throw new IllegalArgumentException(
          "Invalid stored features: format %d, expected %d"
              .formatted(entry.format(), StoredCells.FORMAT));
    }

    return new StoredCells(
        new Size(entry.width(), entry.height()),
        new Size(entry.gridWidth(), entry.gridHeight()),
        entry.maps(),
        payload(entry));
  }

  private byte[] payload(Entry entry) throws IOException {
    BlockMetaData block = reader.getRowGroups().get(entry.block());
    OffsetIndex pages =
        reader
            .getColumnIndexStore(entry.block())
            .getOffsetIndex(ColumnPath.get(FeatureTable.FEATURES));
    int page = 0;

    while (pages.getLastRowIndex(page, block.getRowCount()) < entry.row()) {
      page++;
    }

    RowRanges rows = RowRanges.create(block.getRowCount(), IntStream.of(page).iterator(), pages);

    try (PageReadStore found = reader.readFilteredRowGroup(entry.block(), rows)) {
      RecordReader<Group> records = records(found, schema(true));

      for (long row = pages.getFirstRowIndex(page); row < entry.row(); row++) {
        records.read();
      }

      return records.read().getBinary(FeatureTable.FEATURES, 0).getBytes();
    }
  }

  private void open(Configuration configuration) throws IOException {
    if (reader != null) {
      return;
    }

    FileStatus status = new FileStatus(length, false, 1, length, 0, path);
    reader =
        ParquetFileReader.open(
            HadoopInputFile.fromStatus(status, configuration),
            HadoopReadOptions.builder(configuration).usePageChecksumVerification().build());

    try {
      if (entries.isEmpty()) {
        readEntries();
      }

      reader.setRequestedSchema(schema(true));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void readEntries() throws IOException {
    Map<List<StoredCells.Layer>, List<StoredCells.Layer>> known = new HashMap<>();
    reader.setRequestedSchema(schema(false));

    for (int block = 0; block < reader.getRowGroups().size(); block++) {
      try (PageReadStore pages = reader.readRowGroup(block)) {
        RecordReader<Group> records = records(pages, schema(false));

        for (long row = 0; row < pages.getRowCount(); row++) {
          Group facts = records.read();

          if (facts.getString("status", 0).equals(FeatureTable.OK)) {
            List<StoredCells.Layer> maps = maps(facts.getGroup("maps", 0));
            List<StoredCells.Layer> shared = known.computeIfAbsent(maps, own -> own);
            entries.put(facts.getString("image", 0), entry(facts, shared, block, row));
          }
        }
      }
    }
  }

  private static Entry entry(Group facts, List<StoredCells.Layer> maps, int block, long row) {
    return new Entry(
        facts.getLong("file_bytes", 0),
        facts.getString("file_digest", 0),
        facts.getInteger("orientation", 0),
        facts.getInteger("width", 0),
        facts.getInteger("height", 0),
        facts.getInteger("grid_width", 0),
        facts.getInteger("grid_height", 0),
        maps,
        facts.getInteger("format", 0),
        block,
        row);
  }

  private static List<StoredCells.Layer> maps(Group list) {
    return IntStream.range(0, list.getFieldRepetitionCount(0))
        .mapToObj(i -> list.getGroup(0, i).getGroup(0, 0))
        .map(
            map ->
                new StoredCells.Layer(
                    map.getString("tap", 0),
                    map.getInteger("channels", 0),
                    map.getBoolean("mirrored", 0)))
        .toList();
  }

  /** The column of features alone, or all others. */
  private MessageType schema(boolean features) {
    MessageType all = reader.getFileMetaData().getSchema();
    return new MessageType(
        all.getName(),
        all.getFields().stream()
            .filter(field -> field.getName().equals(FeatureTable.FEATURES) == features)
            .toList());
  }

  private static RecordReader<Group> records(PageReadStore pages, MessageType schema) {
    return new ColumnIOFactory()
        .getColumnIO(schema)
        .getRecordReader(pages, new GroupRecordConverter(schema));
  }

  private synchronized void close() {
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (IOException e) {
      // It was read only.
    } finally {
      reader = null;
    }
  }
}
