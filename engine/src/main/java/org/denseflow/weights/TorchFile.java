package org.denseflow.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * PyTorch checkpoints: a zip with {@code data.pkl} and raw storages (since 1.6), or the legacy
 * stream of pickles followed by storages. Nested dictionaries become dotted names; what is not a
 * tensor is left out.
 */
final class TorchFile {
  private static final String MAGIC_LONG = "torch legacy magic";
  private static final byte[] LEGACY_MAGIC = {
    0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };
  private static final int MAX_DICTIONARIES = 1000;

  /** A storage before or after its data were read. */
  private static final class Storage {
    private final ElementType type;
    private float[] values;

    private Storage(ElementType type) {
      this.type = type;
    }
  }

  private TorchFile() {}

  static WeightFile.Contents readZip(byte[] pickle, Function<String, byte[]> data) {
    Map<String, Storage> storages = new HashMap<>();
    Object root =
        Unpickler.read(
            ByteBuffer.wrap(pickle),
            id ->
                storages.computeIfAbsent(
                    (String) id.get(2),
                    key -> {
                      Storage storage = new Storage(type(id));
                      byte[] bytes = data.apply(key);
                      storage.values =
                          storage.type.read(
                              ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN),
                              bytes.length / storage.type.bytes());
                      return storage;
                    }));
    return contents(root);
  }

  static WeightFile.Contents readLegacy(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    requireMagic(bytes);
    Map<String, Storage> storages = new HashMap<>();
    Unpickler.Storages none =
        id -> {
          throw WeightException.malformed("the legacy header refers to a storage");
        };
    Unpickler.read(in, none);
    Unpickler.read(in, none);
    Unpickler.read(in, none);
    Object root =
        Unpickler.read(
            in, id -> storages.computeIfAbsent((String) id.get(2), k -> new Storage(type(id))));
    List<?> keys = (List<?>) Unpickler.read(in, none);
    in.order(ByteOrder.LITTLE_ENDIAN);

    for (Object key : keys) {
      Storage storage = storages.get(String.valueOf(key));

      if (storage == null || in.remaining() < 8) {
        throw WeightException.truncated("storage %s is not in the file".formatted(key));
      }

      long count = in.getLong();

      if (count < 0 || count > in.remaining() / storage.type.bytes()) {
        throw WeightException.truncated(
            "storage %s announces %d elements, %d bytes are left"
                .formatted(key, count, in.remaining()));
      }

      ByteBuffer data = in.slice(in.position(), (int) count * storage.type.bytes());
      storage.values = storage.type.read(data.order(ByteOrder.LITTLE_ENDIAN), (int) count);
      in.position(in.position() + (int) count * storage.type.bytes());
    }

    return contents(root);
  }

  private static void requireMagic(byte[] bytes) {
    boolean found = false;

    for (int at = 2; at <= 5 && !found && at + LEGACY_MAGIC.length < bytes.length; at++) {
      found =
          java.util.Arrays.equals(
              bytes, at, at + LEGACY_MAGIC.length, LEGACY_MAGIC, 0, LEGACY_MAGIC.length);
    }

    if (!found) {
      throw WeightException.malformed("a pickle without the " + MAGIC_LONG);
    }
  }

  private static ElementType type(List<?> id) {
    if (id.size() < 3
        || !(id.get(1) instanceof Unpickler.Global storage)
        || !(id.get(2) instanceof String)) {
      throw WeightException.malformed("the pickle has an invalid storage reference");
    }

    return switch (storage.name()) {
      case "torch.FloatStorage" -> ElementType.F32;
      case "torch.DoubleStorage" -> ElementType.F64;
      case "torch.HalfStorage" -> ElementType.F16;
      case "torch.BFloat16Storage" -> ElementType.BF16;
      case "torch.LongStorage" -> ElementType.I64;
      case "torch.IntStorage" -> ElementType.I32;
      case "torch.ShortStorage" -> ElementType.I16;
      case "torch.CharStorage" -> ElementType.I8;
      case "torch.ByteStorage" -> ElementType.U8;
      case "torch.BoolStorage" -> ElementType.BOOL;
      default -> throw WeightException.malformed("unknown storage " + storage.name());
    };
  }

  private static WeightFile.Contents contents(Object root) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    collect("", root, tensors, Collections.newSetFromMap(new IdentityHashMap<>()));

    if (tensors.isEmpty()) {
      throw WeightException.malformed("the checkpoint holds no tensors");
    }

    return new WeightFile.Contents(tensors, Map.of());
  }

  /** Each dictionary is entered once, so that shared and cyclic ones cannot multiply. */
  private static void collect(
      String name, Object node, Map<String, Tensor> tensors, Set<Object> entered) {
    if (node instanceof Unpickler.TensorRef ref) {
      tensors.put(name, tensor(name, ref));
    } else if (node instanceof Map<?, ?> map && entered.add(map)) {
      if (entered.size() > MAX_DICTIONARIES) {
        throw WeightException.malformed(
            "the checkpoint has more than %d dictionaries".formatted(MAX_DICTIONARIES));
      }

      map.forEach(
          (key, value) ->
              collect(name.isEmpty() ? "" + key : name + "." + key, value, tensors, entered));
    }
  }

  private static Tensor tensor(String name, Unpickler.TensorRef ref) {
    Storage storage = (Storage) ref.storage();
    int rank = ref.size().size();
    int[] shape = new int[rank];
    long[] stride = new long[rank];
    long count = 1;
    long last = ref.offset();

    for (int i = 0; i < rank; i++) {
      shape[i] = Math.toIntExact((Long) ref.size().get(i));
      stride[i] = (Long) ref.stride().get(i);
      count = Math.multiplyExact(count, (long) shape[i]);
      last = Math.addExact(last, Math.multiplyExact(stride[i], (long) shape[i] - 1));
    }

    boolean valid =
        storage.values != null && ref.offset() >= 0 && count >= 0 && count <= storage.values.length;

    for (int i = 0; i < rank; i++) {
      valid &= stride[i] >= 0 && shape[i] >= 0;
    }

    if (!valid || count > 0 && last >= storage.values.length || count > Integer.MAX_VALUE / 8) {
      throw WeightException.truncated("tensor %s reaches beyond its storage".formatted(name));
    }

    return new Tensor(shape, gather(storage.values, ref.offset(), shape, stride, (int) count));
  }

  private static float[] gather(
      float[] storage, long offset, int[] shape, long[] stride, int count) {
    float[] values = new float[count];
    int[] index = new int[shape.length];

    for (int i = 0; i < count; i++) {
      long from = offset;

      for (int axis = 0; axis < shape.length; axis++) {
        from += index[axis] * stride[axis];
      }

      values[i] = storage[(int) from];

      for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }

    return values;
  }
}
