package org.denseflow.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.weights.WeightException;
import picocli.CommandLine;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Runs a command and turns what it throws into one message and an exit code. */
public final class JobMain {
  /** More than any chain has; one may be a circle. */
  private static final int MAX_CAUSES = 100;

  private JobMain() {}

  /** Runs a command; leaves the process with its exit code unless that is 0. */
  public static void run(Callable<ExitCode> command, String[] arguments) {
    int code = execute(command, arguments);
    Sessions.close();

    if (code != 0) {
      System.exit(code);
    }
  }

  /** Runs a command and returns its exit code. */
  public static int execute(Callable<ExitCode> command, String... arguments) {
    CommandLine line = new CommandLine(command);
    line.getCommandSpec().version(Versions.denseflow());
    line.setExecutionExceptionHandler((e, commandLine, result) -> explain(e, commandLine));
    int code = line.execute(arguments);
    ExitCode returned = line.getExecutionResult();
    return returned == null ? code : returned.code();
  }

  private static int explain(Exception e, CommandLine line) {
    boolean usage =
        e instanceof UsageException
            || e instanceof DatasetException
            || e instanceof WeightException
            || e instanceof IllegalArgumentException;

    if (usage) {
      line.getErr().println(e.getMessage());
      return ExitCode.USAGE.code();
    }

    List<Throwable> causes = causes(e);
    Optional<Throwable> refused = causes.stream().filter(JobMain::isRefusal).findFirst();

    if (refused.isPresent()) {
      line.getErr().println(refused.get().getMessage());
      return ExitCode.USAGE.code();
    }

    line.getErr().println("The job failed: " + reason(causes));

    if (mayBeCredentials(causes)) {
      line.getErr().println("Credentials may be wrong, or have expired.");
    }

    line.getErr().println("What was committed is kept; run the same command with --resume.");
    line.getErr().flush();
    org.slf4j.LoggerFactory.getLogger(JobMain.class).error("Job failed", e);
    return ExitCode.INFRASTRUCTURE.code();
  }

  /** Whether a task found its input wrong, not the storage that it came from. */
  private static boolean isRefusal(Throwable cause) {
    return cause.getCause() == null
        && (cause instanceof UsageException || cause instanceof DatasetException);
  }

  /** What a file system says, since that names the file, and the cause underneath all. */
  private static String reason(List<Throwable> causes) {
    Throwable root = causes.get(causes.size() - 1);
    Throwable said = causes.stream().filter(JobMain::namesFile).findFirst().orElse(root);
    String reason = said.getClass().getSimpleName() + ": " + firstLine(said);
    return reason.contains(firstLine(root)) ? reason : reason + " (" + firstLine(root) + ")";
  }

  /** Ours always say which file, and S3A's. */
  private static boolean namesFile(Throwable e) {
    return e instanceof IOException || e instanceof UncheckedIOException;
  }

  /** S3 answers 403, or 400 without a reason to a HEAD request with an expired token. */
  private static boolean mayBeCredentials(List<Throwable> causes) {
    return causes.stream()
        .anyMatch(
            e ->
                e instanceof S3Exception answer
                    && List.of(400, 401, 403).contains(answer.statusCode()));
  }

  private static List<Throwable> causes(Throwable e) {
    return Stream.iterate(e, Objects::nonNull, Throwable::getCause).limit(MAX_CAUSES).toList();
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
