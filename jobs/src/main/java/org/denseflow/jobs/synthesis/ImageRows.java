package org.denseflow.jobs.synthesis;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.Reading;

/** Reads a task's images and makes their rows. */
final class ImageRows implements FlatMapFunction<Iterator<ImageList.Entry>, Row> {
  private static final long serialVersionUID = 1L;
  private static final int IMAGES_PER_TASK = 64;

  private final SerializableConfiguration configuration;
  private final Reading reading;
  private final Counters counters;

  ImageRows(SerializableConfiguration configuration, Reading reading, Counters counters) {
    this.configuration = configuration;
    this.reading = reading;
    this.counters = counters;
  }

  /** The rows of images, in few files. */
  Dataset<Row> of(List<ImageList.Entry> images, SparkSession spark) {
    int tasks = (images.size() + IMAGES_PER_TASK - 1) / IMAGES_PER_TASK;
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(images, tasks)
            .mapPartitions(this);
    return spark
        .createDataFrame(rows, ImageTable.SCHEMA)
        .coalesce(Math.max(1, tasks / IMAGES_PER_TASK));
  }

  @Override
  public Iterator<Row> call(Iterator<ImageList.Entry> images) {
    ObjectLoader loader = new ObjectLoader(configuration.value(), reading);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return images.hasNext();
      }

      @Override
      public Row next() {
        Row row = ImageTable.row(images.next(), loader);
        counters.done().add(1);
        counters.failed().add(row.getString(3).equals(ImageTable.OK) ? 0 : 1);
        return row;
      }
    };
  }
}
