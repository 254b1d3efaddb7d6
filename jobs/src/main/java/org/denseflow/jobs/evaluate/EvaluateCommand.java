package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.Sessions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.KeypointTally;
import org.denseflow.jobs.dataset.PairSource;
import org.denseflow.jobs.plan.PairList;
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
        "Scores a run's committed flows under named protocols, beside the papers' figures.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:every pair of the dataset was scored",
      " 2:bad usage, or no pair could be scored",
      " 3:scored, but not every pair; reasons are printed and in unscored.json, each pair's is in the table unscored",
      " 4:infrastructure failed"
    })
public final class EvaluateCommand implements Callable<ExitCode> {
  @Option(names = "--flows", required = true, paramLabel = "URI", description = "A finished run.")
  private String flows;

  @Option(
      names = "--dataset",
      required = true,
      paramLabel = "LAYOUT:URI",
      description =
          "The annotated dataset that the run was made of; a pair list has source_keypoints and target_keypoints ('x y;x y;...'), and source_box and target_box ('x1 y1 x2 y2') where a protocol measures by boxes.")
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
          "Score the N-th intermediate result of each pair instead of its flow, in a run with --write intermediate. A pair that has no such result is not scored.")
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
    List<Scorer> scorers = protocols.stream().distinct().map(Scorer::new).toList();
    SparkSession spark = Sessions.open("EvaluateJob");
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFileStore files = new HadoopFileStore(hadoop);
    RunDirectory output = new RunDirectory(out, hadoop);
    output.requireWritable();
    RunDirectory run = new RunDirectory(flows, hadoop);
    RunManifest manifest =
        run.manifest()
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot evaluate %s: it has no run.json; finish the run first, with --resume"
                            .formatted(flows)));
    PairSource annotated = Datasets.source(dataset, files, false, PairList.MOST_HELD);
    annotated.notes().forEach(System.err::println);
    Evaluation evaluation = new Evaluation(spark, run, manifest, annotated, scorers);
    evaluation
        .check(new RunPairs.Names(flows, manifest.input("dataset"), dataset))
        .forEach(note -> System.err.println("note: " + note));
    Evaluation.Result result = step == null ? evaluation.ofFlows() : evaluation.ofStep(step);
    new OutcomeTables(spark, scorers).write(result, output);
    result.outcomes().unpersist();
    output.replaceJson("summary.json", result.summary());
    output.replaceJson(UnscoredCause.FILE, result.causes());
    RegionCurves.pictures(evaluations(result.summary(), "summary.json", SummaryRow[].class, files))
        .forEach(output::replace);
    System.out.print(ScoreTable.render(annotated.layout(), result.summary()));
    result.tallies().forEach(EvaluateCommand::printKeypoints);

    boolean whole = result.causes().isEmpty();

    if (step == null && evaluation.steps() > 1) {
      List<StepCurves.Point> points = evaluation.points();
      writeSteps(points, output, files);
      whole &= points.stream().allMatch(point -> point.pairs() == point.listed());
    }

    System.out.println("summary: " + output.table("summary.json"));
    return whole ? ExitCode.DONE : explain(result.causes(), output);
  }

  private static ExitCode explain(List<UnscoredCause> causes, RunDirectory output) {
    System.err.print("Not every pair was scored:%n%s".formatted(UnscoredCause.report(causes)));
    System.err.println("each of them: " + output.table(OutcomeTables.UNSCORED.name()));
    return ExitCode.INCOMPLETE;
  }

  /** Which keypoints a protocol could not count, if any. */
  private static void printKeypoints(String protocol, KeypointTally tally) {
    if (!tally.describe().isEmpty()) {
      System.out.println(protocol + ": " + tally.describe());
    }
  }

  private void writeSteps(
      List<StepCurves.Point> points, RunDirectory output, HadoopFileStore files) {
    output.replaceJson(StepCurves.FILE, points);
    output.replace(
        StepCurves.PICTURE,
        StepCurves.picture(evaluations(points, StepCurves.FILE, StepCurves.Point[].class, files)));
    System.out.print(StepCurves.table(points));
    System.out.println("curve: " + output.table(StepCurves.PICTURE));
  }

  /** This evaluation and those beside it that have the file, by the names of their folders. */
  private <T> Map<String, List<T>> evaluations(
      List<T> own, String file, Class<T[]> type, HadoopFileStore files) {
    Map<String, List<T>> evaluations = new LinkedHashMap<>();
    evaluations.put(folder(out), own);

    for (String other : beside) {
      String uri = other + "/" + file;

      if (file.equals(StepCurves.FILE) && !files.exists(uri)) {
        continue;
      }

      evaluations.put(folder(other), EvaluationFile.rows(uri, files.text(uri), type));
    }

    return evaluations;
  }

  private static String folder(String uri) {
    return new org.apache.hadoop.fs.Path(uri).getName();
  }
}
