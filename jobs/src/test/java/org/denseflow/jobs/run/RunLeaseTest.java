package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.run.RunLease.Driver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLeaseTest {
  private static final Driver ELSEWHERE = new Driver("elsewhere", "", 12);
  private static final Duration SHORT = Duration.ofMillis(200);

  @TempDir private Path folder;

  private final AtomicInteger losses = new AtomicInteger();
  private RunDirectory run;

  @BeforeEach
  void open() {
    run = new RunDirectory(folder.resolve("out").toString(), new Configuration());
  }

  private RunLease take(Driver driver, Duration patience) {
    return RunLease.take(run, driver, patience, losses::incrementAndGet);
  }

  @Test
  void aDriverThatGivesSignsOfLifeKeepsOthersOut() {
    try (RunLease lease = take(ELSEWHERE, SHORT)) {
      assertThatThrownBy(() -> take(Driver.here(), RunLease.BEAT.multipliedBy(2)))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("process 12 on elsewhere is writing to it");
      lease.check();
    }
  }

  @Test
  void whatWasClosedIsFreeAtOnce() {
    take(ELSEWHERE, SHORT).close();
    take(ELSEWHERE, Duration.ofDays(1)).close();
    assertThat(folder.resolve("out/_drivers")).isDirectoryContaining("glob:**/00002.json");
  }

  @Test
  void aProcessOfThisMachineThatHasEndedIsNotWaitedFor() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    Driver driver = new Driver(Driver.here().host(), Driver.here().processes(), ended.pid());
    ended.waitFor();
    take(driver, SHORT);
    take(Driver.here(), Duration.ofDays(1)).close();
  }

  @Test
  void ofAnotherContainersProcessNothingIsKnown() {
    assertThat(new Driver(Driver.here().host(), "pid:[1]", 1 << 30).gone()).isFalse();
    assertThat(Driver.UNKNOWN.gone()).isFalse();
    assertThat(Driver.here().gone()).isFalse();
  }

  @Test
  void aSilentDriverIsReplacedAndStopsWhenItWakes() {
    RunLease silent = take(ELSEWHERE, SHORT);
    RunLease next = take(Driver.here(), SHORT);
    assertThatThrownBy(silent::check)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Another driver has taken over");
    next.check();
    next.close();
  }

  @Test
  void theHeartNoticesALossAndSaysSo() throws Exception {
    RunLease lease = take(ELSEWHERE, SHORT);
    lease.checkKnown();
    Files.writeString(folder.resolve("out/_drivers/00002.json"), "{}");

    for (long i = 0; i < 4 * RunLease.BEAT.toSeconds() && losses.get() == 0; i++) {
      Thread.sleep(1000);
    }

    assertThat(losses).hasValue(1);
    assertThatThrownBy(lease::checkKnown).hasMessageContaining("Another driver has taken over");
    lease.close();
    assertThat(folder.resolve("out/_drivers/00001.beat")).content().isNotEqualTo("ended");
  }

  @Test
  void anUnreadableDriverFileIsWatchedLikeAnyOther() throws Exception {
    Files.createDirectories(folder.resolve("out/_drivers"));
    Files.writeString(folder.resolve("out/_drivers/00001.json"), "{");
    take(Driver.here(), SHORT).close();
  }
}
