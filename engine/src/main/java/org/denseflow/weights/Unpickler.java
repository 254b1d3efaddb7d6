package org.denseflow.weights;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A pickle machine that can build dictionaries, lists, tuples, strings, numbers and the tensors of
 * a PyTorch state dict, and nothing else. What any other class or function would make is an {@link
 * Inert} placeholder; nothing from the file is ever loaded or called.
 */
final class Unpickler {
  private static final int MAX_OPERATIONS = 5_000_000;

  /** Resolves a persistent id, that is a storage. */
  interface Storages {
    Object load(List<?> persistentId);
  }

  /** A class or function of {@link #KNOWN}. */
  record Global(String name) {}

  /**
   * Stands for a class or function that is not known, and for whatever it would make; its content
   * is dropped.
   */
  record Inert(String name) {}

  /** A tensor's place in a storage: offset and strides count elements. */
  record TensorRef(Object storage, long offset, List<?> size, List<?> stride) {}

  private static final Object MARK = new Object();
  private static final Inert BYTES = new Inert("bytes");
  private static final Pattern KNOWN =
      Pattern.compile(
          "collections\\.(OrderedDict|defaultdict)|(__builtin__|builtins)\\.dict|torch\\.Size"
              + "|torch\\._utils\\._rebuild_(tensor|tensor_v2|parameter|parameter_with_state)"
              + "|torch\\._tensor\\._rebuild_from_type_v2"
              + "|torch\\.(storage\\.)?[A-Za-z0-9]+Storage");

  /** As in Python, which refuses to parse longer ones. */
  private static final int MAX_DIGITS = 4300;

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
      case 0x8b -> push(longOf(bytes(in.getInt())));
      case 'X', 'T' -> push(text(bytes(in.getInt())));
      case 0x8c, 'U' -> push(text(bytes(in.get() & 0xff)));
      case 0x8d -> push(text(bytes(in.getLong())));
      case 'C' -> pushBytes(in.get() & 0xff);
      case 'B' -> pushBytes(in.getInt());
      case 0x8e, 0x96 -> pushBytes(in.getLong());
      case 'I' -> push(decimal(line()));
      case 'L' -> push(integer(line()));
      case 'F' -> push(Double.parseDouble(line()));
      case 'S', 'V' -> push(line());
      default -> {
        return false;
      }
    }

    return true;
  }

  private void pushBytes(long length) {
    requireRemaining(length);
    in.position(in.position() + (int) length);
    push(BYTES);
  }

  private boolean collection(int op) {
    switch (op) {
      case '(' -> push(MARK);
      case '}' -> push(new LinkedHashMap<Object, Object>());
      case ']', 0x8f -> push(new ArrayList<Object>());
      case ')' -> push(List.of());
      case 't', 'l', 0x91 -> push(sinceMark());
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
        addAll(top(), Collections.singletonList(item));
      }
      case 'e', 0x90 -> {
        List<Object> items = sinceMark();
        addAll(top(), items);
      }
      case '0' -> pop();
      case '1' -> sinceMark();
      case '2' -> push(top());
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
      case 'p' -> memo.put(Integer.parseInt(line()), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt()));
      case 'g' -> push(remembered(Integer.parseInt(line())));
      case 'c' -> push(global(line() + "." + line()));
      case 0x93 -> {
        List<Object> names = last(2);
        push(global((String) names.get(0) + "." + (String) names.get(1)));
      }
      case 'Q' -> push(storages.load((List<?>) pop()));
      case 'R', 0x81 -> {
        List<Object> call = last(2);
        push(made(call.get(0), (List<?>) call.get(1)));
      }
      case 0x92 -> push(new Inert(nameOf(last(3).get(0))));
      case 'i' -> {
        Object type = global(line() + "." + line());
        push(made(type, sinceMark()));
      }
      case 'o' -> {
        List<Object> call = sinceMark();
        push(made(call.get(0), call.subList(1, call.size())));
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

  private static Object global(String name) {
    return KNOWN.matcher(name).matches() ? new Global(name) : new Inert(name);
  }

  private static String nameOf(Object type) {
    return type instanceof Inert inert ? inert.name() : ((Global) type).name();
  }

  /** What a class or function would make of its arguments. */
  private static Object made(Object function, List<?> arguments) {
    if (function instanceof Inert) {
      return function;
    }

    String name = ((Global) function).name();
    return switch (name) {
      case "collections.OrderedDict", "builtins.dict", "__builtin__.dict" -> dictionary(arguments);
      case "collections.defaultdict" -> new LinkedHashMap<Object, Object>();
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> tensor(arguments);
      case "torch._utils._rebuild_parameter",
          "torch._utils._rebuild_parameter_with_state",
          "torch.Size" ->
          arguments.get(0);
      case "torch._tensor._rebuild_from_type_v2" ->
          made(arguments.get(0), (List<?>) arguments.get(2));
      default -> new Inert(name);
    };
  }

  private static Map<Object, Object> dictionary(List<?> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();

    for (Object pair : arguments.isEmpty() ? List.of() : (List<?>) arguments.get(0)) {
      putAll(map, (List<?>) pair);
    }

    return map;
  }

  /** The seventh argument, where it is there, says that the values are negated or conjugated. */
  private static Object tensor(List<?> arguments) {
    if (arguments.size() > 6 && !Map.of().equals(arguments.get(6))) {
      return new Inert("torch.Tensor with flags");
    }

    return new TensorRef(
        arguments.get(0),
        (Long) arguments.get(1),
        (List<?>) arguments.get(2),
        (List<?>) arguments.get(3));
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

  /** Entries whose key is not a name cannot be asked for and are dropped. */
  @SuppressWarnings("unchecked")
  private static void putAll(Object map, List<?> pairs) {
    if (map instanceof Inert) {
      return;
    }

    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      Object key = pairs.get(i);

      if (key instanceof String || key instanceof Long) {
        ((Map<Object, Object>) map).put(key, pairs.get(i + 1));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static void addAll(Object list, List<?> items) {
    if (!(list instanceof Inert)) {
      ((List<Object>) list).addAll(items);
    }
  }

  private byte[] bytes(long length) {
    requireRemaining(length);
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  private void requireRemaining(long length) {
    if (length < 0 || length > in.remaining()) {
      throw WeightException.truncated(
          "the pickle announces %d bytes, %d are left".formatted(length, in.remaining()));
    }
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

  private static Object integer(String line) {
    if (line.length() > MAX_DIGITS) {
      throw WeightException.malformed(
          "the pickle has a number of %d digits".formatted(line.length()));
    }

    return new BigInteger(line.endsWith("L") ? line.substring(0, line.length() - 1) : line)
        .longValue();
  }

  private static Object longOf(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];

    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }

    return bigEndian.length == 0 ? 0L : new BigInteger(bigEndian).longValue();
  }
}
