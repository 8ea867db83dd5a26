package org.dpm.report.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The progress of a task")
final class TaskProgressTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

  private void run(boolean terminal, int millis) {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    try (TaskProgress progress = new TaskProgress(out, terminal, now::get, "flow")) {
      for (int i = 0; i <= 1000; i++) {
        now.set(Instant.EPOCH.plusMillis((long) millis * i));
        progress.report(i / 1000.0);
      }
    }
  }

  @Test
  @DisplayName("is a line at every tenth where nobody watches, with the time left")
  void plainLines() {
    run(false, 100);
    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .hasSize(10)
        .startsWith("flow  10%  1:30 left", "flow  20%  1:20 left")
        .endsWith("flow  90%  0:10 left", "flow 100%");
  }

  @Test
  @DisplayName("is nothing where nobody watches and it is soon over")
  void soonOver() {
    run(false, 2);
    assertThat(written.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  @DisplayName("is a bar on a terminal, full in the end")
  void bar() {
    run(true, 100);
    assertThat(written.toString(StandardCharsets.UTF_8)).contains("flow 100% [======");
  }
}
