package org.denseflow.jobs.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.denseflow.jobs.UsageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A driver's claim on an output directory, so that one driver at a time writes there. Drivers are
 * numbered: each creates the next {@code _drivers/NUMBER.json} and writes a sign of life beside it
 * until it ends. Of two that create the same file, the one whose text stays goes on. A driver that
 * gives no sign for {@link #PATIENCE} is taken for dead; should it wake up, it finds the next
 * number and stops.
 */
final class RunLease implements AutoCloseable {
  /** Between two signs of life. */
  static final Duration BEAT = Duration.ofSeconds(5);

  /** How long a driver that left no last word is watched. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Where drivers are listed. */
  static final String FOLDER = "_drivers";

  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);
  private static final String ENDED = "ended";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Who writes, or wrote.
   *
   * @param processes the process numbers' namespace, where the system has such: containers may
   *     share a host's name
   */
  record Driver(String host, String processes, long process) {
    static final Driver UNKNOWN = new Driver("", "", -1);

    static Driver here() {
      return new Driver(localHost(), namespace(), ProcessHandle.current().pid());
    }

    /** Known to have ended; of another machine's process nothing is known. */
    boolean gone() {
      return !host.isEmpty()
          && host.equals(localHost())
          && processes.equals(namespace())
          && ProcessHandle.of(process).isEmpty();
    }

    private static String localHost() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "";
      }
    }

    private static String namespace() {
      try {
        return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      } catch (IOException | UnsupportedOperationException e) {
        return "";
      }
    }
  }

  private final RunDirectory run;
  private final int number;
  private final String text;
  private final Runnable onLoss;
  private final ScheduledExecutorService heart;
  private volatile boolean lost;
  private boolean closed;
  private long beats;

  private RunLease(RunDirectory run, int number, Driver driver, Runnable onLoss) {
    this.run = run;
    this.number = number;
    this.text = json(driver);
    this.onLoss = onLoss;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "denseflow-lease");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Claims a directory.
   *
   * @param onLoss called once, from another thread, when another driver has taken over
   * @throws UsageException if another driver is writing there
   */
  static RunLease take(RunDirectory run, Driver driver, Duration patience, Runnable onLoss) {
    int last = 0;

    while (run.read(file(last + 1)).isPresent()) {
      last++;
    }

    if (last > 0) {
      awaitEnd(run, last, patience);
    }

    RunLease lease = new RunLease(run, last + 1, driver, onLoss);
    run.create(file(lease.number), lease.text);
    lease.beat();
    lease.check();
    lease.heart.scheduleWithFixedDelay(
        lease::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    return lease;
  }

  /**
   * Makes sure that this driver still owns the directory.
   *
   * @throws IllegalStateException if another one has taken over
   */
  void check() {
    if (lost || !held()) {
      throw takenOver();
    }
  }

  /** As {@link #check}, without another look. */
  void checkKnown() {
    if (lost) {
      throw takenOver();
    }
  }

  private IllegalStateException takenOver() {
    return new IllegalStateException(
        "Another driver has taken over %s, see _drivers there; this one stops"
            .formatted(run.uri()));
  }

  @Override
  public synchronized void close() {
    heart.shutdown();
    closed = true;

    try {
      if (!lost) {
        sign(ENDED);
      }
    } catch (RuntimeException e) {
      LOG.warn("Cannot say in {} that this driver has ended", run.uri(), e);
    }
  }

  private synchronized void beat() {
    if (lost || closed) {
      return;
    }

    try {
      lost = !held();

      if (!lost) {
        sign(String.valueOf(++beats));
      }
    } catch (RuntimeException e) {
      LOG.warn("Cannot give a sign of life in {}", run.uri(), e);
    }

    if (lost) {
      onLoss.run();
    }
  }

  private boolean held() {
    return run.read(file(number)).equals(Optional.of(text)) && run.read(file(number + 1)).isEmpty();
  }

  private void sign(String sign) {
    run.put(beatFile(number), sign.getBytes(StandardCharsets.UTF_8));
  }

  private static void awaitEnd(RunDirectory run, int number, Duration patience) {
    Driver driver = parse(run.read(file(number)).orElseThrow());
    Optional<String> beat = run.read(beatFile(number));

    if (driver.gone() || beat.equals(Optional.of(ENDED))) {
      return;
    }

    LOG.warn(
        "Process {} on {} has written to {}; watching for {} s whether it still does",
        driver.process(),
        driver.host(),
        run.uri(),
        patience.toSeconds());
    long until = System.nanoTime() + patience.toNanos();

    while (System.nanoTime() < until) {
      sleep(Math.min(1000, patience.toMillis() / 4));
      Optional<String> now = run.read(beatFile(number));

      if (now.equals(Optional.of(ENDED))) {
        return;
      }

      if (!now.equals(beat)) {
        throw new UsageException(
            "Cannot write to %s: process %d on %s is writing to it; wait until it has ended, stop it, or use another --out"
                .formatted(run.uri(), driver.process(), driver.host()));
      }
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while watching another driver", e);
    }
  }

  private static String file(int number) {
    return FOLDER + "/%05d.json".formatted(number);
  }

  private static String beatFile(int number) {
    return FOLDER + "/%05d.beat".formatted(number);
  }

  private static String json(Driver driver) {
    try {
      return JSON.writeValueAsString(driver);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Driver parse(String text) {
    try {
      return JSON.readValue(text, Driver.class);
    } catch (JsonProcessingException e) {
      return Driver.UNKNOWN;
    }
  }
}
