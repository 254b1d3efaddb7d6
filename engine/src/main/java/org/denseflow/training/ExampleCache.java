package org.denseflow.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Prepared examples in a folder of this machine, one file each, so that frozen parts compute each
 * view once. Processes may share a folder: a file appears at once or not at all. When the folder is
 * full, further examples are prepared again each time.
 */
public final class ExampleCache {
  private final Path folder;
  private final List<Learner.Input> inputs;
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  /** Uses a folder, which is made if need be. */
  public ExampleCache(Path folder, List<Learner.Input> inputs, long maxBytes) {
    this.folder = folder;
    this.inputs = List.copyOf(inputs);
    this.maxBytes = maxBytes;

    try {
      Files.createDirectories(folder);

      try (Stream<Path> files = Files.list(folder)) {
        bytes.set(files.mapToLong(file -> file.toFile().length()).sum());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use the example cache " + folder, e);
    }
  }

  /** An example, null if it is not there. */
  public Map<String, INDArray> read(String key) {
    Path file = folder.resolve(key);

    try {
      ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());

      if (all.capacity() != size()) {
        Files.delete(file);
        return null;
      }

      Map<String, INDArray> example = new LinkedHashMap<>();

      for (Learner.Input input : inputs) {
        INDArray array = Nd4j.createUninitialized(input.type(), batchOfOne(input), 'c');
        ByteBuffer to = bytesOf(array);
        to.put(all.slice(all.position(), to.capacity()));
        all.position(all.position() + to.capacity());
        example.put(input.name(), array);
      }

      return example;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the example " + file, e);
    }
  }

  /** Keeps an example if there is room. A full disk means no room. */
  public void write(String key, Map<String, INDArray> example) {
    long size = size();

    if (bytes.addAndGet(size) > maxBytes) {
      bytes.addAndGet(-size);
      return;
    }

    Path part = folder.resolve(key + "." + ProcessHandle.current().pid() + ".part");

    try {
      ByteBuffer all = ByteBuffer.allocate((int) size).order(ByteOrder.nativeOrder());

      for (Learner.Input input : inputs) {
        try (INDArray ordered = example.get(input.name()).dup('c')) {
          all.put(bytesOf(ordered));
        }
      }

      Files.write(part, all.array());
      Files.move(part, folder.resolve(key), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      bytes.set(maxBytes);
      part.toFile().delete();
    }
  }

  private long size() {
    long size = 0;

    for (Learner.Input input : inputs) {
      long length = input.type().width();

      for (long side : input.shape()) {
        length *= side;
      }

      size += length;
    }

    return size;
  }

  private static long[] batchOfOne(Learner.Input input) {
    long[] shape = new long[input.shape().length + 1];
    shape[0] = 1;
    System.arraycopy(input.shape(), 0, shape, 1, input.shape().length);
    return shape;
  }

  private static ByteBuffer bytesOf(INDArray array) {
    DataBuffer data = array.data();
    Pointer pointer = data.pointer();
    return pointer
        .position(0)
        .asByteBuffer()
        .limit((int) (array.length() * array.dataType().width()))
        .slice()
        .order(ByteOrder.nativeOrder());
  }
}
