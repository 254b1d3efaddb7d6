package org.denseflow.weights;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pickle machine that can build dictionaries, lists, tuples, strings, numbers and the tensors of
 * a PyTorch state dict, and nothing else. A global outside the short list of {@link #global} is an
 * error that names it; nothing from the file is ever called.
 */
final class Unpickler {
  private static final int MAX_OPERATIONS = 5_000_000;

  /** Resolves a persistent id, that is a storage. */
  interface Storages {
    Object load(List<?> persistentId);
  }

  /** A name that the file refers to; only known ones exist. */
  record Global(String name) {}

  /** A tensor's place in a storage: offset and strides count elements. */
  record TensorRef(Object storage, long offset, List<?> size, List<?> stride) {}

  private static final Object MARK = new Object();

  private final ByteBuffer in;
  private final Storages storages;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Unpickler(ByteBuffer in, Storages storages) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    this.storages = storages;
  }

  /** Reads one pickle from the buffer's position; the buffer is left behind it. */
  static Object read(ByteBuffer in, Storages storages) {
    try {
      return new Unpickler(in, storages).run();
    } catch (BufferUnderflowException e) {
      throw new WeightException(
          "weights.truncated", "Cannot read weights: the pickle ends in the middle", e);
    } catch (ClassCastException | IndexOutOfBoundsException e) {
      throw new WeightException(
          "weights.malformed", "Cannot read weights: the pickle is inconsistent", e);
    }
  }

  private Object run() {
    for (int i = 0; i < MAX_OPERATIONS; i++) {
      int op = in.get() & 0xff;

      if (op == '.') {
        return pop();
      }

      if (!constant(op) && !collection(op) && !reference(op)) {
        throw WeightException.malformed("pickle opcode 0x%02x is not allowed".formatted(op));
      }
    }

    throw WeightException.malformed(
        "the pickle has more than %d operations".formatted(MAX_OPERATIONS));
  }

  private boolean constant(int op) {
    switch (op) {
      case 0x80 -> in.get();
      case 0x95 -> in.getLong();
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) (in.get() & 0xff));
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 'J' -> push((long) in.getInt());
      case 0x8a -> push(longOf(bytes(in.get() & 0xff)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'X' -> push(text(bytes(in.getInt())));
      case 0x8c -> push(text(bytes(in.get() & 0xff)));
      case 'U', 'C' -> push(text(bytes(in.get() & 0xff)));
      case 'T', 'B' -> push(text(bytes(in.getInt())));
      case 'I' -> push(decimal(line()));
      default -> {
        return false;
      }
    }

    return true;
  }

  private boolean collection(int op) {
    switch (op) {
      case '(' -> push(MARK);
      case '}' -> push(new LinkedHashMap<Object, Object>());
      case ']' -> push(new ArrayList<Object>());
      case ')' -> push(List.of());
      case 't' -> push(sinceMark());
      case 'l' -> push(sinceMark());
      case 0x85 -> push(last(1));
      case 0x86 -> push(last(2));
      case 0x87 -> push(last(3));
      case 'd' -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        putAll(map, sinceMark());
        push(map);
      }
      case 's' -> {
        List<Object> pair = last(2);
        putAll(top(), pair);
      }
      case 'u' -> {
        List<Object> pairs = sinceMark();
        putAll(top(), pairs);
      }
      case 'a' -> {
        Object item = pop();
        addAll(top(), java.util.Collections.singletonList(item));
      }
      case 'e' -> {
        List<Object> items = sinceMark();
        addAll(top(), items);
      }
      case '0' -> pop();
      default -> {
        return false;
      }
    }

    return true;
  }

  private boolean reference(int op) {
    switch (op) {
      case 'q' -> memo.put(in.get() & 0xff, top());
      case 'r' -> memo.put(in.getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt()));
      case 'c' -> push(global(line() + "." + line()));
      case 0x93 -> {
        List<Object> names = last(2);
        push(global((String) names.get(0) + "." + (String) names.get(1)));
      }
      case 'Q' -> push(storages.load((List<?>) pop()));
      case 'R' -> {
        List<Object> call = last(2);
        push(reduce((Global) call.get(0), (List<?>) call.get(1)));
      }
      // BUILD: attributes of an OrderedDict (a state dict's _metadata) carry no tensors.
      case 'b' -> pop();
      default -> {
        return false;
      }
    }

    return true;
  }

  private Object remembered(int key) {
    if (!memo.containsKey(key)) {
      throw WeightException.malformed("the pickle refers to the unknown memo " + key);
    }

    return memo.get(key);
  }

  private static Global global(String name) {
    boolean known =
        name.equals("collections.OrderedDict")
            || name.equals("torch._utils._rebuild_tensor_v2")
            || name.equals("torch._utils._rebuild_parameter")
            || name.equals("torch.Size")
            || name.matches(
                "torch\\.(Float|Double|Half|BFloat16|Long|Int|Short|Char|Byte|Bool)Storage");

    if (!known) {
      throw new WeightException(
          "weights.forbidden-global",
          "Cannot read weights: the pickle refers to %s; only state dicts of tensors are read"
              .formatted(name));
    }

    return new Global(name);
  }

  private static Object reduce(Global function, List<?> arguments) {
    return switch (function.name()) {
      case "collections.OrderedDict" -> {
        Map<Object, Object> map = new LinkedHashMap<>();

        for (Object pair : arguments.isEmpty() ? List.of() : (List<?>) arguments.get(0)) {
          putAll(map, (List<?>) pair);
        }

        yield map;
      }
      case "torch._utils._rebuild_tensor_v2" ->
          new TensorRef(
              arguments.get(0),
              (Long) arguments.get(1),
              (List<?>) arguments.get(2),
              (List<?>) arguments.get(3));
      case "torch._utils._rebuild_parameter" -> arguments.get(0);
      case "torch.Size" -> arguments.get(0);
      default -> throw WeightException.malformed("the pickle calls " + function.name());
    };
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() {
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    return stack.remove(stack.size() - 1);
  }

  private List<Object> last(int count) {
    List<Object> view = stack.subList(stack.size() - count, stack.size());
    List<Object> items = new ArrayList<>(view);
    view.clear();
    return items;
  }

  private List<Object> sinceMark() {
    for (int i = stack.size() - 1; i >= 0; i--) {
      if (stack.get(i) == MARK) {
        List<Object> items = last(stack.size() - i - 1);
        pop();
        return items;
      }
    }

    throw WeightException.malformed("the pickle closes a collection it did not open");
  }

  @SuppressWarnings("unchecked")
  private static void putAll(Object map, List<?> pairs) {
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      Object key = pairs.get(i);

      if (!(key instanceof String) && !(key instanceof Long)) {
        throw WeightException.malformed("the pickle has a dictionary key that is not a name");
      }

      ((Map<Object, Object>) map).put(key, pairs.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked")
  private static void addAll(Object list, List<?> items) {
    ((List<Object>) list).addAll(items);
  }

  private byte[] bytes(int length) {
    if (length < 0 || length > in.remaining()) {
      throw WeightException.truncated(
          "the pickle announces %d bytes, %d are left".formatted(length, in.remaining()));
    }

    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    StringBuilder line = new StringBuilder();

    for (char c = (char) in.get(); c != '\n'; c = (char) in.get()) {
      line.append(c);
    }

    return line.toString();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Protocol 0: 00 and 01 are booleans, all else is a decimal integer. */
  private static Object decimal(String line) {
    return switch (line) {
      case "00" -> false;
      case "01" -> true;
      default -> Long.parseLong(line);
    };
  }

  private static Object longOf(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];

    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }

    return bigEndian.length == 0 ? 0L : new BigInteger(bigEndian).longValue();
  }
}
