package org.dpm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Page faults as Linux counts them, of threads that have an arena to themselves. */
@DisplayName("Kept memory")
class KeptMemoryTest {

  private static final Path THREAD = Path.of("/proc/thread-self/stat");
  private static final int ARRAYS = 40;
  private static final int BYTES = 4 << 20;
  private static final int PASSES = 10;

  private static long opening;
  private static long passes;

  /**
   * In a process of its own, where each of its few threads has its own arena: here there are more
   * threads than the C library makes arenas for.
   */
  @BeforeAll
  static void count() throws IOException {
    assumeTrue(Files.exists(THREAD), "counts page faults as Linux tells them");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder process =
        new ProcessBuilder(
                java, "-cp", System.getProperty("java.class.path"), Counting.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    process.environment().put("MALLOC_ARENA_MAX", "1000");
    byte[] output = process.start().getInputStream().readAllBytes();
    String[] counts = new String(output, StandardCharsets.UTF_8).split("\\s+", -1);
    opening = Long.parseLong(counts[0]);
    passes = Long.parseLong(counts[1]);
  }

  /** What the other process does. */
  static final class Counting {

    private Counting() {}

    public static void main(String[] arguments) throws InterruptedException {
      Thread thread =
          new Thread(
              () -> {
                NDManager.newBaseManager(Devices.byName("cpu")).close();
                long before = faults();
                try (KeptMemory memory = KeptMemory.ofThisThread()) {
                  System.out.println(faults() - before);
                  System.out.println(faultsOfPasses());
                }
              });
      thread.start();
      thread.join();
    }

    /** Of some passes that each write to many arrays and close them all, after others. */
    private static long faultsOfPasses() {
      try (NDManager manager = NDManager.newBaseManager(Devices.byName("cpu"))) {
        JniUtils.setNumThreads(1);
        // Until the C library has set its thresholds by what it is asked for.
        for (int i = 0; i < PASSES; i++) {
          pass(manager);
        }
        long before = faults();
        for (int i = 0; i < PASSES; i++) {
          pass(manager);
        }
        return faults() - before;
      }
    }

    private static void pass(NDManager manager) {
      NDList graph = new NDList();
      for (int i = 0; i < ARRAYS; i++) {
        graph.add(manager.ones(new Shape(BYTES / Float.BYTES)));
      }
      graph.close();
    }

    /** Pages that the system had to find for the calling thread so far. */
    private static long faults() {
      try {
        String afterName = Files.readString(THREAD).replaceFirst(".*\\) ", "");
        return Long.parseLong(afterName.split(" ", -1)[7]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  @DisplayName("serves one pass after the other")
  void stays() {
    // Each pass writes to 40,960 pages.
    assertThat(passes).isLessThan(1000);
  }

  @Test
  @DisplayName("takes addresses, and no memory before it is used")
  void isNotUsed() {
    // 512 MB would be 131,072 pages.
    assertThat(opening).isLessThan(2000);
  }
}
