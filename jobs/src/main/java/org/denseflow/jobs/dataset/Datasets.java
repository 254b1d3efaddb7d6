package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.dataset.PairAnnotation.Mirror;
import org.denseflow.metrics.Protocols;

/**
 * Opens datasets by layout. The address is {@code LAYOUT:URI}, with options after a question mark:
 * {@code spair:s3a://data/SPair-71k?split=val&size=small}. Every layout takes {@code
 * directions=both}, which adds the swapped pair of each pair that has none yet, for protocols that
 * read a flow backwards, and {@code directions=one}, which adds none.
 */
public final class Datasets {

  private static final String DIRECTIONS = "directions";

  private static final Pattern OPTION = Pattern.compile("\\?(?=[a-z-]+=)");

  private static final Map<String, Layout> LAYOUTS = layouts();

  private Datasets() {}

  /** The names of the layouts. */
  public static List<String> layoutNames() {
    return List.copyOf(LAYOUTS.keySet());
  }

  /**
   * Checks and reads a dataset.
   *
   * @throws DatasetException naming what is wrong: an unknown layout or option, the missing file,
   *     or the malformed file's line and column
   */
  public static Dataset open(String address, FileStore files) {
    return read(address, files, EnumSet.of(Mirror.NONE), false);
  }

  /** {@link #open}, with the pairs that are to be mirrored as a whole, which only training uses. */
  public static Dataset openForTraining(String address, FileStore files) {
    return read(address, files, EnumSet.of(Mirror.NONE, Mirror.BOTH), false);
  }

  /** {@link #open}, with the swapped pairs whose flows the layout's own protocols read. */
  public static Dataset openToMatch(String address, FileStore files) {
    return read(address, files, EnumSet.of(Mirror.NONE), true);
  }

  /**
   * {@link #openToMatch} for datasets of any size: what has more pairs than the driver should hold
   * is left to Spark.
   *
   * @param toMatch whether swapped pairs are added that the layout's own protocols read
   * @param most pairs that are listed here
   */
  public static PairSource source(String address, FileStore files, boolean toMatch, long most) {
    List<String> notes = new ArrayList<>();
    Address parsed = Address.parse(address, files, notes::add);

    if (parsed.layout() instanceof PairListLayout) {
      Optional<PairSource.Table> table =
          PairListLayout.table(
              parsed.existing(), "both".equals(parsed.source().options().get(DIRECTIONS)));

      if (table.isPresent()) {
        return table.get();
      }
    } else if (parsed.layout().crossesImages()) {
      List<DatasetImage> images = parsed.layout().images(parsed.existing());
      OptionalInt neighbours =
          parsed.layout() instanceof ImageListLayout
              ? ImageListLayout.neighbours(parsed.source())
              : OptionalInt.empty();

      if (neighbours.isPresent()) {
        return new PairSource.Nearest(
            parsed.name(), parsed.source().root(), images, neighbours.getAsInt(), notes);
      }

      Map<String, Long> sizes =
          images.stream()
              .collect(Collectors.groupingBy(DatasetImage::category, Collectors.counting()));

      if (sizes.values().stream().mapToLong(size -> size * (size - 1)).sum() > most) {
        return new PairSource.Crossed(parsed.name(), parsed.source().root(), images, notes);
      }
    }

    return new PairSource.Listed(toMatch ? openToMatch(address, files) : open(address, files));
  }

  private static Dataset read(
      String address, FileStore files, Set<Mirror> wanted, boolean toMatch) {
    List<String> notes = new ArrayList<>();
    Address parsed = Address.parse(address, files, notes::add);
    String directions = parsed.source().option(DIRECTIONS, "default", "one", "both");
    List<ImagePair> all = parsed.layout().read(parsed.existing());
    List<ImagePair> pairs =
        all.stream().filter(pair -> wanted.contains(pair.annotation().mirror())).toList();
    Stream.of(Mirror.values())
        .filter(mirror -> !wanted.contains(mirror))
        .forEach(mirror -> mirrored(all, mirror).ifPresent(notes::add));
    boolean counted = parsed.layout().countsBothDirections() && !directions.equals("one");
    Dataset dataset =
        listed(parsed.name(), parsed.source().root(), counted ? withReverse(pairs) : pairs, notes);
    boolean swapped =
        switch (directions) {
          case "both" -> true;
          case "one" -> false;
          default -> toMatch && hasSwappedProtocol(parsed.name());
        };
    return swapped ? dataset.withSwapped() : dataset;
  }

  private static boolean hasSwappedProtocol(String layout) {
    return Protocols.of(layout).stream().anyMatch(Protocols::readsSwapped);
  }

  private static Optional<String> mirrored(List<ImagePair> pairs, Mirror mirror) {
    List<String> ids =
        pairs.stream()
            .filter(pair -> pair.annotation().mirror() == mirror)
            .map(ImagePair::pairId)
            .toList();
    return switch (mirror) {
      case NONE -> Optional.empty();
      case ONE ->
          LeftOutFiles.note(
              ids,
              "pairs of objects mirrored to each other (flip_gt.txt), which no method matches");
      case BOTH ->
          LeftOutFiles.note(ids, "mirrored copies of other pairs (column flip), made for training");
    };
  }

  private static Dataset listed(
      String name, String root, List<ImagePair> pairs, List<String> notes) {
    pairs.stream()
        .filter(ImagePair::isSwapped)
        .findFirst()
        .ifPresent(
            pair -> {
              throw new DatasetException(
                  "Invalid pair id in %s:%s: %s; the ending %s marks flows that are only read backwards, give the pair another id"
                      .formatted(name, root, pair.pairId(), ImagePair.SWAPPED));
            });
    return new Dataset(name, root, pairs, notes);
  }

  /**
   * Checks a dataset and reads its images by themselves.
   *
   * @param notes told what is left out
   * @throws DatasetException as {@link #open}, and for a layout that has pairs only
   */
  public static List<DatasetImage> images(String address, FileStore files, Consumer<String> notes) {
    Address parsed = Address.parse(address, files, notes);
    List<DatasetImage> images = parsed.layout().images(parsed.existing());

    if (images.isEmpty()) {
      throw new DatasetException("Cannot use %s: it has no images".formatted(address));
    }
    return images;
  }

  /**
   * Whether a dataset's layout lists images by themselves, as {@link #images} reads them.
   *
   * @throws DatasetException for an unknown layout
   */
  public static boolean listsImages(String address) {
    return Address.layout(address).listsImages();
  }

  /**
   * How the images of a dataset's layout lie: benchmarks annotate stored pixels, images of one's
   * own are seen upright.
   *
   * @throws DatasetException for an unknown layout
   */
  public static Orientation orientation(String address) {
    return Address.layout(address).orientation();
  }

  /** A dataset's address, taken apart. */
  private record Address(String name, Layout layout, LayoutSource source) {

    static Layout layout(String address) {
      int colon = address.indexOf(':');

      if (colon < 1 || colon == address.length() - 1) {
        throw new DatasetException(
            "Invalid dataset: %s, expected LAYOUT:URI with a layout of %s"
                .formatted(address, layoutNames()));
      }
      String name = address.substring(0, colon);
      Layout layout = LAYOUTS.get(name);

      if (layout == null) {
        throw new DatasetException(
            "Invalid dataset layout: %s, expected one of %s".formatted(name, layoutNames()));
      }
      return layout;
    }

    static Address parse(String address, FileStore files, Consumer<String> notes) {
      Layout layout = layout(address);
      int colon = address.indexOf(':');
      String name = address.substring(0, colon);
      String rest = address.substring(colon + 1);
      int question = optionsAt(rest, files);
      String root =
          FileStore.absolute(stripSlash(question < 0 ? rest : rest.substring(0, question)));
      Map<String, String> options =
          question < 0 ? Map.of() : options(name, layout, rest.substring(question + 1));
      return new Address(name, layout, new LayoutSource(root, options, files, notes));
    }

    /**
     * The question mark before the options; one that is part of an existing path's name is none.
     */
    private static int optionsAt(String rest, FileStore files) {
      Matcher option = OPTION.matcher(rest);
      int question = option.find() ? option.start() : rest.indexOf('?');
      return question >= 0 && files.exists(FileStore.absolute(rest)) ? -1 : question;
    }

    LayoutSource existing() {
      if (!source.files().exists(source.root())) {
        throw DatasetException.missing(source.root(), "the root of a " + name + " dataset");
      }
      return source;
    }
  }

  private static List<ImagePair> withReverse(List<ImagePair> pairs) {
    Set<List<String>> present = new HashSet<>();
    pairs.forEach(pair -> present.add(List.of(pair.source(), pair.target())));
    List<ImagePair> all = new ArrayList<>();

    for (ImagePair pair : pairs) {
      all.add(pair);

      if (present.add(List.of(pair.target(), pair.source()))) {
        all.add(pair.reversed(pair.pairId() + "/reverse"));
      }
    }
    return all;
  }

  private static Map<String, String> options(String name, Layout layout, String query) {
    Map<String, String> options = new LinkedHashMap<>();

    for (String part : query.split("&")) {
      String[] pair = part.split("=", 2);
      boolean known = layout.options().contains(pair[0]) || pair[0].equals(DIRECTIONS);

      if (pair.length < 2 || !known) {
        throw new DatasetException(
            "Invalid option of dataset layout %s: %s, expected key=value with a key of %s"
                .formatted(name, part, knownOptions(layout)));
      }
      options.put(pair[0], pair[1]);
    }
    return options;
  }

  private static List<String> knownOptions(Layout layout) {
    List<String> known = new ArrayList<>(layout.options());
    known.add(DIRECTIONS);
    return known.stream().sorted().toList();
  }

  private static String stripSlash(String uri) {
    return uri.length() > 1 && uri.endsWith("/")
        ? stripSlash(uri.substring(0, uri.length() - 1))
        : uri;
  }

  private static Map<String, Layout> layouts() {
    Map<String, Layout> layouts = new LinkedHashMap<>();
    layouts.put("pf-willow", new PfWillowLayout());
    layouts.put("pf-pascal", new PfPascalLayout());
    layouts.put("spair", new SpairLayout());
    layouts.put("tss", new TssLayout());
    layouts.put("caltech101", new Caltech101Layout());
    layouts.put("pascal-parts", new PascalPartsLayout());
    layouts.put("cub", new CubLayout());
    layouts.put("pairs", new PairListLayout());
    layouts.put("folder", new FolderLayout());
    layouts.put("images", new ImageListLayout());
    return layouts;
  }
}
