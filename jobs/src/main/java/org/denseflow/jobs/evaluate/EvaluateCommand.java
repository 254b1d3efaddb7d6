package org.denseflow.jobs.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.schemas.RunManifest;
import org.denseflow.schemas.SummaryRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of EvaluateJob. */
@Command(
    name = "EvaluateJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Scores a run's committed flows under named protocols, beside the papers' figures.")
public final class EvaluateCommand implements Callable<ExitCode> {
  private static final StructType METRICS =
      new StructType()
          .add("pair_id", DataTypes.StringType)
          .add("category", DataTypes.StringType)
          .add("protocol", DataTypes.StringType)
          .add("metric", DataTypes.StringType)
          .add("value", DataTypes.DoubleType)
          .add("points", DataTypes.LongType);

  @Option(names = "--flows", required = true, paramLabel = "URI", description = "A finished run.")
  private String flows;

  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "LAYOUT:URI",
      description = "The annotated dataset that the run was made of.")
  private String dataset;

  @Option(
      names = "--protocol",
      required = true,
      split = ",",
      paramLabel = "NAME",
      description = "How to count, such as pf-willow/bbox-kp; several with commas.")
  private List<String> protocols;

  @Option(
      names = "--step",
      paramLabel = "N",
      description =
          "Score the N-th intermediate result of each pair instead of its flow, in a run with --write intermediate.")
  private Integer step;

  @Option(names = "--out", required = true, paramLabel = "URI", description = "Output directory.")
  private String out;

  @Option(
      names = "--beside",
      split = ",",
      paramLabel = "URI",
      description =
          "Outputs of other evaluations, whose curves are drawn beside; named by their folders.")
  private List<String> beside = new ArrayList<>();

  @Override
  public ExitCode call() {
    List<Scorer> scorers = protocols.stream().map(Scorer::new).toList();
    SparkSession spark = Sessions.open("EvaluateJob");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    RunDirectory run = new RunDirectory(flows, hadoop);
    RunManifest manifest =
        run.manifest()
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot evaluate %s: it has no run.json; finish the run first, with --resume"
                            .formatted(flows)));
    org.denseflow.jobs.dataset.Dataset annotated =
        Datasets.open(dataset, new HadoopFileStore(hadoop));
    RunDirectory output = new RunDirectory(out, hadoop);
    Dataset<Row> table = atStep(spark.read().schema(FlowTable.SCHEMA).parquet(run.table("flows")));
    List<SummaryRow> summary = new ArrayList<>();
    List<PairScore> all = new ArrayList<>();

    for (int p = 0; p < scorers.size(); p++) {
      List<PairScore> scores = scores(spark, table, annotated.pairs(), scorers.get(p));
      long failed = table.where("status = 'failed'").count();
      all.addAll(scores);
      summary.addAll(Summary.of(annotated.layout(), manifest, protocols.get(p), scores, failed));
    }

    write(spark, output, all);
    output.replace("summary.json", json(summary));
    RegionCurves.pictures(evaluations(summary, new HadoopFileStore(hadoop)))
        .forEach(output::replace);
    System.out.print(ScoreTable.render(annotated.layout(), protocols, summary));
    System.out.println("summary: " + output.table("summary.json"));
    return ExitCode.DONE;
  }

  /** The rows with an intermediate result in place of the flow. */
  private Dataset<Row> atStep(Dataset<Row> table) {
    if (step == null) {
      return table;
    }

    if (step < 1 || table.where("status = 'ok' and size(steps) >= " + step).isEmpty()) {
      throw new UsageException(
          "Invalid --step: %d, no pair of %s has so many intermediate results; run it with --write flows,intermediate"
              .formatted(step, flows));
    }

    for (String column : List.of("flow", "confidence", "valid")) {
      table =
          table.withColumn(
              column,
              functions.expr(
                  "if(size(steps) >= %1$d, steps[%1$d - 1].%2$s, %2$s)".formatted(step, column)));
    }

    return table;
  }

  private static List<PairScore> scores(
      SparkSession spark, Dataset<Row> table, List<ImagePair> pairs, Scorer scorer) {
    Map<String, List<ImagePair>> byKey = new HashMap<>();

    for (ImagePair pair : pairs) {
      String key = scorer.swapped() ? pair.target() + "\n" + pair.source() : pair.pairId();
      byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(pair);
    }

    Broadcast<Map<String, List<ImagePair>>> annotated =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(byKey);
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    List<PairScore> scores =
        table
            .where("status = 'ok'")
            .javaRDD()
            .flatMap(
                row -> {
                  String key =
                      scorer.swapped()
                          ? row.getAs("source") + "\n" + row.getAs("target")
                          : row.getAs("pair_id");
                  return annotated.value().getOrDefault(key, List.of()).stream()
                      .flatMap(pair -> scorer.score(pair, row, configuration.value()).stream())
                      .iterator();
                })
            .collect();

    if (scores.isEmpty()) {
      throw new UsageException(scorer.whyNone());
    }

    return scores;
  }

  private static void write(SparkSession spark, RunDirectory output, List<PairScore> scores) {
    List<Row> rows = new ArrayList<>();

    for (PairScore score : scores) {
      for (int m = 0; m < score.metrics().size(); m++) {
        rows.add(
            RowFactory.create(
                score.pairId(),
                score.category(),
                score.protocol(),
                score.metrics().get(m),
                score.values().get(m),
                score.points()));
      }
    }

    spark
        .createDataFrame(rows, METRICS)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(output.table("metrics"));
  }

  /** This evaluation and those beside it, by the names of their folders. */
  private Map<String, List<SummaryRow>> evaluations(
      List<SummaryRow> summary, HadoopFileStore files) {
    Map<String, List<SummaryRow>> evaluations = new LinkedHashMap<>();
    evaluations.put(folder(out), summary);

    for (String other : beside) {
      String file = other + "/summary.json";

      try {
        evaluations.put(
            folder(other),
            List.of(new ObjectMapper().readValue(files.text(file), SummaryRow[].class)));
      } catch (JsonProcessingException e) {
        throw new UsageException("Cannot read %s: %s".formatted(file, e.getMessage()));
      }
    }

    return evaluations;
  }

  private static String folder(String uri) {
    return new org.apache.hadoop.fs.Path(uri).getName();
  }

  private static byte[] json(List<SummaryRow> summary) {
    try {
      String text =
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(summary);
      return (text + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write summary.json", e);
    }
  }
}
