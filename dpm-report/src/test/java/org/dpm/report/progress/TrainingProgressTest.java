package org.dpm.report.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The progress of training")
final class TrainingProgressTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

  /** A clock that the test sets. */
  private static final class SetClock implements InstantSource {

    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final SetClock clock = new SetClock();

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private void train(TrainingProgress progress, int from) {
    for (int i = from; i <= 1000; i++) {
      clock.now = Instant.EPOCH.plusMillis(100L * (i - from));
      progress.update(i / 1000.0, i, i < 300 ? Double.NaN : -1.5);
    }
  }

  @Test
  @DisplayName("is a line at every tenth where nobody watches, with K, speed and the time left")
  void plainLines() {
    try (TrainingProgress progress = new TrainingProgress(out, false, clock)) {
      progress.start("swiss-roll");
      train(progress, 0);
    }
    assertThat(lines()).hasSize(11);
    assertThat(lines().get(0)).isEqualTo("swiss-roll   0%  update 0");
    assertThat(lines().get(1)).isEqualTo("swiss-roll  10%  update 100  10/s  1:30 left");
    assertThat(lines().get(5))
        .isEqualTo("swiss-roll  50%  update 500  K -1.500 bits  10/s  0:50 left");
    assertThat(lines().get(10)).isEqualTo("swiss-roll 100%  update 1000  K -1.500 bits  10/s");
  }

  @Test
  @DisplayName("reckons the time left of a resumed training from where it was resumed")
  void resumed() {
    try (TrainingProgress progress = new TrainingProgress(out, false, clock)) {
      progress.start("swiss-roll");
      train(progress, 800);
    }
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(1))
        .isEqualTo("swiss-roll  90%  update 900  K -1.500 bits  10/s  0:10 left");
  }

  @Test
  @DisplayName("is a bar on a terminal, of one line that is written over, and its thread ends")
  void bar() throws InterruptedException {
    int threads = barThreads();
    TrainingProgress progress = new TrainingProgress(out, true, clock);
    progress.start("swiss-roll");
    train(progress, 0);
    progress.done();
    progress.close();

    String text = written.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("\r").contains("swiss-roll 100% [========================]");
    assertThat(text.strip()).doesNotContain("\n");
    assertThat(text).endsWith(System.lineSeparator());
    assertThat(barThreads()).isEqualTo(threads);
  }

  /** Threads of the progress bar's library that still run. */
  private static int barThreads() {
    return (int)
        Thread.getAllStackTraces().values().stream()
            .flatMap(java.util.Arrays::stream)
            .filter(frame -> frame.getClassName().startsWith("me.tongfei"))
            .count();
  }

  @Test
  @DisplayName("tells nothing before it has a start")
  void needsStart() {
    try (TrainingProgress progress = new TrainingProgress(out, false, clock)) {
      assertThatIllegalStateException().isThrownBy(() -> progress.update(0.5, 1, 0));
      progress.done();
    }
    assertThat(written.size()).isZero();
  }
}
