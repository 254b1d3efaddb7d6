package org.denseflow.jobs.synthesis;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.ConfigBinder;
import org.denseflow.config.Presets;
import org.denseflow.geometry.Size;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.Mask;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.synthesis.PairRequest.Materialise;
import org.denseflow.synthesis.PairDraw;
import org.denseflow.synthesis.PairKey;
import org.denseflow.synthesis.PairParameters;
import org.denseflow.synthesis.PairRenderer;
import org.denseflow.synthesis.SyntheticPair;

/** The work of tasks: draws recipes of images, and makes rows of recipes. */
final class PairRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A row without views in a file, compressed: 423 measured over 11,820 pairs of cnngeometric. */
  private static final int RECIPE_BYTES = 430;

  private final String parameters;
  private final int pairsPerImage;
  private final long seed;
  private final boolean pixels;
  private final PairJobParameters.Encoding encoding;
  private final Reading reading;
  private final SerializableConfiguration configuration;
  private final Counters counters;

  /**
   * Prepares the work.
   *
   * @param counters of finished rows; null where none is finished
   */
  PairRows(
      String parameters,
      PairRequest request,
      PairJobParameters job,
      SerializableConfiguration configuration,
      Counters counters) {
    this.parameters = parameters;
    this.pairsPerImage = request.pairsPerImage();
    this.seed = request.seed();
    this.pixels = request.materialise() == Materialise.PIXELS;
    this.encoding = job.encoding();
    this.reading = job.reading();
    this.configuration = configuration;
    this.counters = counters;
  }

  /** Draws all recipes of images; the file of a pair comes first in its row. */
  Iterator<Row> draw(Iterator<Row> images, int files) {
    PairDraw draw = new PairDraw(pairParameters());
    return new Iterator<>() {
      private Row image;
      private int index = pairsPerImage;

      @Override
      public boolean hasNext() {
        return index < pairsPerImage || images.hasNext();
      }

      @Override
      public Row next() {
        if (index == pairsPerImage) {
          image = images.next();
          index = 0;
        }

        Row row = PairRows.this.draw(image, index++, draw);
        Object[] cells = new Object[row.length() + 1];
        long key = row.getAs(5);
        cells[0] = new PairKey(key, 0).range(files);

        for (int i = 0; i < row.length(); i++) {
          cells[i + 1] = row.get(i);
        }

        return RowFactory.create(cells);
      }
    };
  }

  /** Rows as they are written, of recipes' rows. */
  Iterator<Row> finish(Iterator<Row> recipes) {
    PairRenderer renderer = pixels ? renderer() : null;
    ObjectLoader loader = new ObjectLoader(configuration.value(), reading);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return recipes.hasNext();
      }

      @Override
      public Row next() {
        Row recipe = recipes.next();
        Row row = pixels && isOk(recipe) ? render(recipe, renderer, loader) : recipe;
        counters.done().add(1);
        counters.failed().add(isOk(row) ? 0 : 1);
        return row;
      }
    };
  }

  /** About how many bytes the first pair of an image takes. */
  long bytes(Row image) {
    Row row = draw(image, 0, new PairDraw(pairParameters()));
    long bytes = RECIPE_BYTES;

    if (pixels && isOk(row)) {
      row = render(row, renderer(), new ObjectLoader(configuration.value(), reading));

      for (String column : List.of("source_view", "target_view", "source_mask", "target_mask")) {
        byte[] cell = (byte[]) row.get(PairTable.SCHEMA.fieldIndex(column));
        bytes += cell == null ? 0 : cell.length;
      }
    }

    return bytes;
  }

  private Row draw(Row image, int index, PairDraw draw) {
    String id = image.getString(0);
    PairKey key = PairKey.of(seed, id, index);
    PairTable.Origin origin =
        new PairTable.Origin(id, image.getString(1), image.getString(2), index, key);

    if (!ImageTable.OK.equals(image.getString(3))) {
      return PairTable.failed(origin, image.getString(4), image.getString(5));
    }

    PairDraw.Outcome outcome = draw.draw(key, ImageTable.facts(image));
    return outcome.recipe() == null
        ? PairTable.failed(
            origin, outcome.reason(), "no draw was accepted in %d attempts".formatted(attempts()))
        : PairTable.row(origin, outcome.recipe());
  }

  private Row render(Row row, PairRenderer renderer, ObjectLoader loader) {
    ObjectLoader.Loaded loaded =
        loader.load(row.getString(2), row.isNullAt(3) ? null : row.getString(3));

    if (loaded.failure() != null) {
      return PairTable.withFailure(row, loaded.failure().code(), loaded.failure().detail());
    }

    SyntheticPair pair = renderer.render(PairTable.recipe(row), loaded.image(), loaded.mask());
    return PairTable.withViews(
        row,
        encoding.format().name().toLowerCase(java.util.Locale.ROOT),
        encoding.encode(pair.source()),
        encoding.encode(pair.target()),
        png(pair.sourceMask()),
        png(pair.targetMask()));
  }

  private static byte[] png(Mask mask) {
    return mask == null ? null : ImageEncoder.png(mask);
  }

  private static boolean isOk(Row row) {
    return PairTable.OK.equals(row.getString(6));
  }

  private int attempts() {
    return pairParameters().rejection().attempts();
  }

  private PairRenderer renderer() {
    Size view = pairParameters().view();
    return new PairRenderer(view.width(), view.height());
  }

  private PairParameters pairParameters() {
    return ConfigBinder.bind(
        Presets.parseCanonical(parameters, "the configuration of pairs"), PairParameters.class);
  }
}
