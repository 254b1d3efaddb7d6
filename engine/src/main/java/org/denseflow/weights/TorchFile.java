package org.denseflow.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * PyTorch checkpoints: a zip with {@code data.pkl} and raw storages (since 1.6), or the legacy
 * stream of pickles followed by storages. Nested dictionaries and lists become dotted names, such
 * as {@code state_dict.conv1.weight}; numbers and strings are left out, and so are names longer or
 * deeper than any network has and what a key that begins with {@code optim} holds: an optimiser's
 * state has tensors, but none of a network.
 */
final class TorchFile {
  private static final String MAGIC_LONG = "torch legacy magic";
  private static final byte[] LEGACY_MAGIC = {
    0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };
  private static final int MAX_NAMES = 100_000;
  private static final int MAX_NAME = 300;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_SHARING = 20;

  /** A storage, whose numbers are read when the first tensor asks for them. */
  private static final class Storage {
    private final String name;
    private final ElementType type;
    private Supplier<ByteBuffer> data;
    private float[] values;

    private Storage(List<?> id) {
      this.name = ((Unpickler.Global) id.get(1)).name();
      this.type = type(name);
    }

    private float[] values() {
      if (values == null && data != null) {
        ByteBuffer buffer = data.get();
        values = type.read(buffer, buffer.remaining() / type.bytes());
        data = null;
      }

      return values == null ? new float[0] : values;
    }
  }

  private final WeightFile.Contents contents = WeightFile.Contents.empty();
  private final Set<Object> entered = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Storage, Long> shared = new IdentityHashMap<>();

  private TorchFile() {}

  static WeightFile.Contents readZip(
      byte[] pickle, ByteOrder order, Function<String, byte[]> data) {
    Map<String, Storage> storages = new HashMap<>();
    Object root =
        Unpickler.read(
            ByteBuffer.wrap(pickle),
            id ->
                storages.computeIfAbsent(
                    key(id),
                    key -> {
                      Storage storage = new Storage(id);
                      storage.data = () -> ByteBuffer.wrap(data.apply(key)).order(order);
                      return storage;
                    }));
    return new TorchFile().read(root);
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
        Unpickler.read(in, id -> storages.computeIfAbsent(key(id), key -> new Storage(id)));
    List<?> keys = (List<?>) Unpickler.read(in, none);
    in.order(ByteOrder.LITTLE_ENDIAN);

    for (Object key : keys) {
      locate(key, storages.get(String.valueOf(key)), in);
    }

    return new TorchFile().read(root);
  }

  /** Finds the data of a storage, which begin at the buffer's position. */
  private static void locate(Object key, Storage storage, ByteBuffer in) {
    if (storage == null || in.remaining() < 8) {
      throw WeightException.truncated("storage %s is not in the file".formatted(key));
    }

    if (storage.type == null) {
      throw WeightException.unsupported(
          "nothing is found behind a %s in a legacy file; save it with PyTorch 1.6 or later"
              .formatted(storage.name));
    }

    long count = in.getLong();

    if (count < 0 || count > in.remaining() / storage.type.bytes()) {
      throw WeightException.truncated(
          "storage %s announces %d elements, %d bytes are left"
              .formatted(key, count, in.remaining()));
    }

    int length = (int) count * storage.type.bytes();
    ByteBuffer data = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    storage.data = () -> data;
    in.position(in.position() + length);
  }

  private static void requireMagic(byte[] bytes) {
    boolean found = false;

    for (int at = 2; at <= 5 && !found && at + LEGACY_MAGIC.length < bytes.length; at++) {
      found =
          Arrays.equals(bytes, at, at + LEGACY_MAGIC.length, LEGACY_MAGIC, 0, LEGACY_MAGIC.length);
    }

    if (!found) {
      throw WeightException.malformed("a pickle without the " + MAGIC_LONG);
    }
  }

  private static String key(List<?> id) {
    if (id.size() < 3
        || !(id.get(1) instanceof Unpickler.Global)
        || !(id.get(2) instanceof String key)) {
      throw WeightException.malformed("the pickle has an invalid storage reference");
    }

    return key;
  }

  /** Null for numbers that are not read, such as complex or quantised ones. */
  private static ElementType type(String storage) {
    return switch (storage) {
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
      default -> null;
    };
  }

  private WeightFile.Contents read(Object root) {
    collect("", root, 0);

    if (!contents.unread().isEmpty()) {
      contents.requireTensors(
          "weights.forbidden-global",
          "it has no tensors but objects, which are never made; save a state dict: torch.save(model.state_dict(), FILE)");
    }

    return contents;
  }

  /** Each collection is entered once, so that shared and cyclic ones cannot multiply. */
  private void collect(String name, Object node, int depth) {
    if (contents.tensors().size() + contents.unread().size() > MAX_NAMES) {
      throw WeightException.malformed(
          "the checkpoint has more than %d tensors and objects".formatted(MAX_NAMES));
    }

    if (node instanceof Unpickler.TensorRef ref) {
      contents.put(name, () -> tensor(name, ref));
    } else if (node instanceof Unpickler.Inert inert) {
      contents.unread().put(name, "it is an object of " + inert.name());
    } else if (node instanceof Map<?, ?> map && enter(map, depth)) {
      map.forEach((key, value) -> collectMember(name, String.valueOf(key), value, depth));
    } else if (node instanceof List<?> list && enter(list, depth)) {
      for (int i = 0; i < list.size(); i++) {
        collectMember(name, String.valueOf(i), list.get(i), depth);
      }
    }
  }

  private void collectMember(String parent, String key, Object node, int depth) {
    if (!key.startsWith("optim") && parent.length() + key.length() < MAX_NAME) {
      collect(parent.isEmpty() ? key : parent + "." + key, node, depth + 1);
    }
  }

  private boolean enter(Object collection, int depth) {
    return depth <= MAX_DEPTH && entered.add(collection);
  }

  private Tensor tensor(String name, Unpickler.TensorRef ref) {
    if (!(ref.storage() instanceof Storage storage) || storage.type == null) {
      throw WeightException.unsupported(
          "it has numbers of " + (ref.storage() instanceof Storage s ? s.name : "another kind"));
    }

    int rank = ref.size().size();
    int[] shape = new int[rank];
    long[] stride = new long[rank];
    long count = 1;
    long last = ref.offset();
    float[] values = storage.values();

    for (int i = 0; i < rank; i++) {
      shape[i] = Math.toIntExact((Long) ref.size().get(i));
      stride[i] = (Long) ref.stride().get(i);
      count = Math.multiplyExact(count, (long) shape[i]);
      last = Math.addExact(last, Math.multiplyExact(stride[i], (long) shape[i] - 1));
    }

    boolean valid = ref.offset() >= 0 && count >= 0 && count <= values.length;

    for (int i = 0; i < rank; i++) {
      valid &= stride[i] >= 0 && shape[i] >= 0;
    }

    if (!valid || count > 0 && last >= values.length || count > Integer.MAX_VALUE / 8) {
      throw WeightException.truncated("tensor %s reaches beyond its storage".formatted(name));
    }

    if (shared.merge(storage, count, Long::sum) > (long) MAX_SHARING * values.length) {
      throw WeightException.malformed(
          "more than %d tensors share one storage, the last is %s".formatted(MAX_SHARING, name));
    }

    return new Tensor(shape, gather(values, ref.offset(), shape, stride, (int) count));
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
