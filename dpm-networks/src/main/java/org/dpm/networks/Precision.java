package org.dpm.networks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What convolutions are computed in. Weights, the time steps and the bound are float32 always. */
enum Precision {
  FLOAT32,
  /** Seven bits of mantissa: half the memory, and twice the speed on processors made for it. */
  BFLOAT16,
  /** bfloat16 where the processor has instructions for it, float32 elsewhere. */
  AUTO;

  private static final List<String> INSTRUCTIONS = List.of("avx512_bf16", "amx_bf16", "bf16");

  boolean isShort() {
    return this == BFLOAT16 || (this == AUTO && processorHasIt());
  }

  /** Linux says what the processor can do; other systems do not say it in a file. */
  private static boolean processorHasIt() {
    try {
      String flags = Files.readString(Path.of("/proc/cpuinfo"));
      return List.of(flags.split("\\s+")).stream().anyMatch(INSTRUCTIONS::contains);
    } catch (IOException e) {
      return false;
    }
  }
}
