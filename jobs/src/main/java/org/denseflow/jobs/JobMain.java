package org.denseflow.jobs;

import java.util.concurrent.Callable;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.schemas.ConfigException;
import org.denseflow.weights.WeightException;
import picocli.CommandLine;

/** Runs a command and turns what it throws into one message and an exit code. */
public final class JobMain {

  private JobMain() {}

  /** Runs a command; leaves the process with its exit code unless that is 0. */
  public static void run(Callable<ExitCode> command, String[] arguments) {
    int code = execute(command, arguments);

    if (code != 0) {
      System.exit(code);
    }
  }

  /** Runs a command and returns its exit code. */
  public static int execute(Callable<ExitCode> command, String... arguments) {
    CommandLine line = new CommandLine(command);
    line.setExecutionExceptionHandler((e, commandLine, result) -> explain(e, commandLine));
    int code = line.execute(arguments);
    ExitCode returned = line.getExecutionResult();
    return returned == null ? code : returned.code();
  }

  private static int explain(Exception e, CommandLine line) {
    boolean usage =
        e instanceof UsageException
            || e instanceof ConfigException
            || e instanceof DatasetException
            || e instanceof WeightException
            || e instanceof IllegalArgumentException;

    if (usage) {
      line.getErr().println(e.getMessage());
      return ExitCode.USAGE.code();
    }

    line.getErr().println("The job failed: " + rootMessage(e));
    line.getErr().println("What was committed is kept; run the same command with --resume.");
    line.getErr().flush();
    org.slf4j.LoggerFactory.getLogger(JobMain.class).error("Job failed", e);
    return ExitCode.INFRASTRUCTURE.code();
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;

    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }

    String message = String.valueOf(root.getMessage());
    return root.getClass().getSimpleName() + ": " + message.lines().findFirst().orElse("");
  }
}
