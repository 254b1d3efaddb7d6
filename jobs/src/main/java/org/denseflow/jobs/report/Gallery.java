package org.denseflow.jobs.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.denseflow.flow.FlowColors;
import org.denseflow.flow.PixelFlow;
import org.denseflow.image.ImageEncoder;

/**
 * The page of a gallery and its data: {@code index.html} with style and script, {@code data/N.js}
 * with the entries, which script tags load because a page opened from a disk may not fetch.
 */
final class Gallery {
  private static final int ITEMS_PER_FILE = 2_000;
  private static final int WHEEL = 96;
  private static final String WHEEL_FILE = "wheel.png";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Facts facts;
  private final List<GalleryItem> items;
  private final List<String> scores;
  private final List<String> panels;

  /**
   * The run's description above the gallery.
   *
   * @param title of the page
   * @param about one line
   * @param things what an entry is, in the plural
   * @param inputs what went in, by name
   * @param config the configuration, for people
   */
  record Facts(
      String title, String about, String things, Map<String, String> inputs, String config) {}

  /**
   * A gallery.
   *
   * @param order names of scores that come first, in this order
   */
  Gallery(Facts facts, List<GalleryItem> items, List<String> order) {
    this.facts = facts;
    this.items = items;
    Set<String> known = new LinkedHashSet<>();
    items.forEach(item -> known.addAll(item.scores().keySet()));
    Set<String> ordered = new LinkedHashSet<>(order);
    ordered.retainAll(known);
    ordered.addAll(known);
    this.scores = List.copyOf(ordered);
    Set<String> titles = new LinkedHashSet<>();
    items.forEach(item -> item.panels().forEach(panel -> titles.add(panel.title())));
    this.panels = List.copyOf(titles);
  }

  /** Writes all files through this function of name and content. */
  void write(BiConsumer<String, byte[]> file) {
    int parts = (items.size() + ITEMS_PER_FILE - 1) / ITEMS_PER_FILE;

    for (int part = 0; part < parts; part++) {
      int to = Math.min(items.size(), (part + 1) * ITEMS_PER_FILE);
      List<List<Object>> entries =
          items.subList(part * ITEMS_PER_FILE, to).stream().map(this::entry).toList();
      file.accept("data/" + part + ".js", bytes("denseflow.add(" + json(entries) + ");\n"));
    }

    if (panels.contains("flow")) {
      file.accept(WHEEL_FILE, wheel());
    }

    // "<" could end the script element
    String run = json(run(parts)).replace("<", "\\u003c");
    String page =
        resource("gallery.html")
            .replace("/*STYLE*/", resource("gallery.css"))
            .replace("/*SCRIPT*/", resource("gallery.js").replace("/*RUN*/", run));
    file.accept("index.html", bytes(page));
  }

  private Map<String, Object> run(int parts) {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("title", facts.title());
    run.put("about", facts.about());
    run.put("things", facts.things());
    run.put("inputs", facts.inputs());
    run.put("config", facts.config());
    run.put("scores", scores);
    run.put("panels", panels);
    run.put("parts", parts);
    run.put("wheel", panels.contains("flow") ? WHEEL_FILE : "");
    return run;
  }

  /** An entry as the script reads it: a list, for it is written ten thousand times. */
  private List<Object> entry(GalleryItem item) {
    List<Object> values = new ArrayList<>();
    scores.forEach(score -> values.add(rounded(item.scores().get(score))));
    List<Object> pictures = new ArrayList<>();
    item.panels()
        .forEach(
            panel ->
                pictures.add(
                    List.of(
                        panels.indexOf(panel.title()), panel.file(), panel.above(), panel.note())));
    return List.of(item.id(), item.category(), item.code(), item.detail(), values, pictures);
  }

  /** Five digits are enough to look at; what is not a number is unknown. */
  private static Double rounded(Double value) {
    return value == null || !Double.isFinite(value) ? null : Math.round(value * 1e5) / 1e5;
  }

  /** All directions and lengths up to the full one. */
  private static byte[] wheel() {
    float[] uv = new float[2 * WHEEL * WHEEL];

    for (int i = 0; i < WHEEL * WHEEL; i++) {
      uv[2 * i] = i % WHEEL + 0.5f - WHEEL / 2f;
      uv[2 * i + 1] = i / WHEEL + 0.5f - WHEEL / 2f;
    }

    return ImageEncoder.png(FlowColors.render(new PixelFlow(WHEEL, WHEEL, uv), WHEEL / 2.0));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the gallery's data", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String resource(String name) {
    try (InputStream in = Gallery.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
  }
}
