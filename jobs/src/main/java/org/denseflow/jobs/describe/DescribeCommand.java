package org.denseflow.jobs.describe;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.JobConfig;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.DatasetImage;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.PairSource;
import org.denseflow.jobs.plan.PairList;
import org.denseflow.jobs.plan.PairListReader;
import org.denseflow.jobs.run.BatchOptions;
import org.denseflow.jobs.run.ConfigOptions;
import org.denseflow.jobs.run.JobRun;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.MethodOptions;
import org.denseflow.jobs.run.OutputOptions;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.synthesis.ImageList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of DescribeJob. */
@Command(
    name = "DescribeJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Describes each image of a collection once and keeps the features, which the jobs that match take as --features.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:done",
      " 2:bad usage or configuration",
      " 3:finished, but more images failed than --max-failed-fraction allows",
      " 4:infrastructure failed; run again with --resume"
    })
public final class DescribeCommand implements Callable<ExitCode> {

  @Option(
      names = "--images",
      paramLabel = "URI",
      description =
          "Folder with images, searched with its sub-folders, or a .txt file with one path per line.")
  private String images;

  @Option(
      names = "--dataset",
      paramLabel = "LAYOUT:URI",
      description =
          "Instead of --images: all images of cub, folder or images, and those of the pairs of other layouts, also of pair lists of any size.")
  private String dataset;

  @Mixin private OutputOptions output;

  @Mixin private MethodOptions method;

  @Mixin private ConfigOptions settings;

  @Mixin private BatchOptions batch;

  @Override
  public ExitCode call() {
    if ((images == null) == (dataset == null)) {
      throw new UsageException("Give either --images URI or --dataset LAYOUT:URI");
    }

    batch.check();
    StartMode start = batch.start(output);
    Orientation usual = images == null ? Datasets.orientation(dataset) : Orientation.UPRIGHT;
    SparkSession spark = Sessions.open("DescribeJob");
    HadoopFileStore files = new HadoopFileStore(spark.sparkContext().hadoopConfiguration());
    Config config =
        settings.over(method.preset(), method.options(), "conf/describe.conf", files, usual);
    DescribeRequest request =
        new DescribeRequest(
            images == null ? dataset : images,
            first(listed(spark, files).distinct()),
            config,
            MatcherChoice.of(
                JobConfig.of(config, DescribeParameters.class).preset(),
                method.files(),
                spark.sparkContext().hadoopConfiguration()),
            output.out(),
            batch.maxFailedFraction());
    return new JobRun(new DescribeRun(spark, request, System.err)).run(output, start);
  }

  private Dataset<Row> first(Dataset<Row> all) {
    return batch.limit() > Integer.MAX_VALUE
        ? all
        : all.orderBy("image").limit((int) batch.limit());
  }

  /** All images, some more than once. */
  private Dataset<Row> listed(SparkSession spark, HadoopFileStore files) {
    if (images != null) {
      return table(
          spark,
          ImageList.list(FileStore.absolute(images), null, files, System.err::println).stream()
              .map(ImageList.Entry::uri));
    }

    if (Datasets.listsImages(dataset)) {
      return table(
          spark,
          Datasets.images(dataset, files, System.err::println).stream().map(DatasetImage::uri));
    }

    PairSource source = Datasets.source(dataset, files, false, PairList.MOST_HELD);
    source.notes().forEach(System.err::println);
    PairList pairs = new PairListReader(spark, false).read(source, Long.MAX_VALUE);
    return pairs
        .held()
        .map(
            held ->
                table(
                    spark, held.stream().flatMap(pair -> Stream.of(pair.source(), pair.target()))))
        .orElseGet(
            () ->
                pairs
                    .rows()
                    .selectExpr("source as image")
                    .union(pairs.rows().selectExpr("target as image")));
  }

  private static Dataset<Row> table(SparkSession spark, Stream<String> uris) {
    List<String> list = uris.distinct().toList();
    return spark.createDataset(list, Encoders.STRING()).toDF("image");
  }
}
