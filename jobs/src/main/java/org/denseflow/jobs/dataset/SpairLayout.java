package org.denseflow.jobs.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Set;
import org.denseflow.geometry.Size;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * SPair-71k (Min et al., 2019): {@code Layout/SIZE/SPLIT.txt} names the pairs, {@code
 * PairAnnotation/SPLIT/NAME.json} annotates them, images lie in {@code JPEGImages/CATEGORY/}.
 * Options: {@code split} (test, trn, val), {@code size} (large, small). A point that is null, has
 * no number, or has a third number 0 (COCO's visibility) is absent.
 */
final class SpairLayout implements Layout {

  /** Python writes NaN as it is. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  @Override
  public Set<String> options() {
    return Set.of("split", "size");
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    String split = source.option("split", "test", "trn", "val");
    String layout = "Layout/%s/%s.txt".formatted(source.option("size", "large", "small"), split);
    source.require("JPEGImages", "SPair-71k's folder of images");
    String names = source.text(layout, "SPair-71k's list of pairs, one name per line");

    return names
        .lines()
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList()
        .parallelStream()
        .map(name -> pair(source, name, "PairAnnotation/%s/%s.json".formatted(split, name)))
        .toList();
  }

  private static ImagePair pair(LayoutSource source, String name, String path) {
    Annotation json =
        new Annotation(
            source.at(path), tree(source.at(path), source.text(path, "the annotation of " + name)));
    String category = json.text("category");
    ImageAnnotation from = json.image("src");
    ImageAnnotation to = json.image("trg");

    if (from.keypointsOrNull().size() != to.keypointsOrNull().size()) {
      throw json.malformed(
          "trg_kps",
          "%d points, src_kps has %d"
              .formatted(to.keypointsOrNull().size(), from.keypointsOrNull().size()));
    }
    return new ImagePair(
        name,
        source.at("JPEGImages/%s/%s".formatted(category, json.text("src_imname"))),
        source.at("JPEGImages/%s/%s".formatted(category, json.text("trg_imname"))),
        category,
        new PairAnnotation(from, to));
  }

  private static JsonNode tree(String uri, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw DatasetException.malformed(
          uri,
          e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
          e.getLocation() == null ? "1" : String.valueOf(e.getLocation().getColumnNr()),
          "it is not JSON: " + e.getOriginalMessage());
    }
  }

  /** One annotation file. */
  private record Annotation(String uri, JsonNode json) {

    String text(String key) {
      JsonNode value = json.path(key);

      if (!value.isTextual()) {
        throw malformed(key, "expected a string");
      }
      return value.asText();
    }

    ImageAnnotation image(String prefix) {
      double[] box = numbers(prefix + "_bndbox", json.path(prefix + "_bndbox"), 4);
      JsonNode points = json.path(prefix + "_kps");

      if (!points.isArray()) {
        throw malformed(prefix + "_kps", "expected a list of [x, y]");
      }
      double[] x = new double[points.size()];
      double[] y = new double[points.size()];

      for (int k = 0; k < x.length; k++) {
        double[] xy = point(prefix + "_kps", points.get(k));
        x[k] = xy[0];
        y[k] = xy[1];
      }

      if (!(box[2] >= box[0] && box[3] >= box[1])) {
        throw malformed(prefix + "_bndbox", "expected [x1, y1, x2, y2] in order");
      }
      return ImageAnnotation.NONE
          .withKeypoints(new Keypoints(x, y))
          .withBox(new Box(box[0], box[1], box[2], box[3]))
          .withSize(size(prefix + "_imsize"));
    }

    /** Width, height and perhaps channels; null where it is not stated. */
    private Size size(String key) {
      JsonNode list = json.path(key);

      if (list.isMissingNode() || list.isNull()) {
        return null;
      }
      int width = list.path(0).asInt();
      int height = list.path(1).asInt();

      if (width < 1 || height < 1) {
        throw malformed(key, "expected [width, height, channels]");
      }
      return new Size(width, height);
    }

    private double[] point(String key, JsonNode point) {
      boolean isAbsent =
          point.isNull()
              || point.size() >= 2 && isNoNumber(point.get(0)) && isNoNumber(point.get(1))
              || point.size() == 3 && point.get(2).isNumber() && point.get(2).asDouble() == 0;

      if (isAbsent) {
        return new double[] {Double.NaN, Double.NaN};
      }
      return numbers(key, point, point.size() == 3 ? 3 : 2);
    }

    private static boolean isNoNumber(JsonNode value) {
      return value.isNull() || value.isNumber() && Double.isNaN(value.asDouble());
    }

    private double[] numbers(String key, JsonNode list, int count) {
      if (!list.isArray() || list.size() != count) {
        throw malformed(key, "expected lists of " + count + " numbers");
      }
      double[] values = new double[count];

      for (int i = 0; i < count; i++) {
        if (!list.get(i).isNumber() || !Double.isFinite(list.get(i).asDouble())) {
          throw malformed(key, "'" + list.get(i) + "' is not a number");
        }
        values[i] = list.get(i).asDouble();
      }
      return values;
    }

    DatasetException malformed(String key, String reason) {
      return new DatasetException("Cannot read %s: key %s: %s".formatted(uri, key, reason));
    }
  }
}
