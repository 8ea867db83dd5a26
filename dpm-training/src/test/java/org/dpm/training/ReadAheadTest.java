package org.dpm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Reading ahead")
@Timeout(20)
class ReadAheadTest {

  /** As a data source reads: from noise that the update's number fixes. */
  private static float[] read(long update) {
    Noise noise = Noise.of(7, "training").at(update);
    return new float[] {update, (float) noise.uniform()};
  }

  @Test
  @DisplayName("gives the batches that reading in turn would give, from any update on")
  void batches() {
    for (long first : new long[] {0, 1000}) {
      try (ReadAhead ahead = new ReadAhead(ReadAheadTest::read, first)) {
        for (long update = first; update < first + 200; update++) {
          assertThat(ahead.next()).containsExactly(read(update));
        }
      }
    }
  }

  @Test
  @DisplayName("reads the next batch while this one is used, in another thread, and no further")
  void overlaps() throws InterruptedException {
    List<Long> begun = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch second = new CountDownLatch(1);
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    ReadAhead ahead =
        new ReadAhead(
            update -> {
              begun.add(update);
              threads.add(Thread.currentThread());
              if (update == 1) {
                second.countDown();
              }
              return read(update);
            },
            0);
    try (ahead) {
      ahead.next();
      // Would wait for ever if the second batch were read on demand.
      assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(begun).containsExactly(0L, 1L);
    assertThat(threads).doesNotContain(Thread.currentThread());
    threads.get(0).join();
  }

  @Test
  @DisplayName("reports what is wrong with a batch when that batch is asked for, as it was thrown")
  void failures() {
    InvalidInput refusal = new InvalidInput("people.csv:17: no number");
    OutOfMemoryError error = new OutOfMemoryError("none left");
    for (Throwable problem : List.of(refusal, error)) {
      try (ReadAhead ahead = new ReadAhead(update -> failing(update, problem), 0)) {
        assertThat(ahead.next()).containsExactly(read(0));
        assertThat(ahead.next()).containsExactly(read(1));
        assertThatThrownBy(ahead::next).isSameAs(problem);
      }
    }
  }

  private static float[] failing(long update, Throwable problem) {
    if (update < 2) {
      return read(update);
    }
    if (problem instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) problem;
  }

  @Test
  @DisplayName("leaves the source alone once it is closed, whatever was under way")
  void closes() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger reading = new AtomicInteger();
    AtomicInteger finished = new AtomicInteger();
    ReadAhead ahead =
        new ReadAhead(
            update -> {
              reading.incrementAndGet();
              begun.countDown();
              slowly();
              finished.incrementAndGet();
              return read(update);
            },
            0);
    try (ahead) {
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(reading).hasValue(1);
    assertThat(finished).hasValue(1);
  }

  private static void slowly() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw new AssertionError("a reading was interrupted: its file may be closed by that", e);
    }
  }
}
