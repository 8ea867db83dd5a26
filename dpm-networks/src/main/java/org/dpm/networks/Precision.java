package org.dpm.networks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** What convolutions are computed in. Weights, the time steps and the bound are float32 always. */
enum Precision {
  FLOAT32,
  /** Seven bits of mantissa: half the memory, and twice the speed on processors made for it. */
  BFLOAT16,
  /** bfloat16 where the processor has instructions for it, float32 elsewhere. */
  AUTO;

  /**
   * The backward pass of the engine's bfloat16 convolutions has brought down the process with 20
   * channels; with channels that fill its vectors it has not.
   */
  private static final int VECTOR = 16;

  private static final List<String> INSTRUCTIONS = List.of("avx512_bf16", "amx_bf16", "bf16");

  /** What this means for convolutions from and to so many channels. */
  Precision forChannels(Collection<Integer> channels) {
    return this == AUTO && !isSafe(channels) ? FLOAT32 : this;
  }

  /** Whether bfloat16 will do for convolutions from and to so many channels. */
  static boolean isSafe(Collection<Integer> channels) {
    return channels.stream().allMatch(count -> count % VECTOR == 0);
  }

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
