package org.dpm.training;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The most memory that this process has had.
 *
 * @param kind {@code resident}, where the system says so, otherwise {@code Java heap}, which leaves
 *     the engine's arrays out
 */
record PeakMemory(long megabytes, String kind) {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB$");

  static PeakMemory now() {
    return resident().orElseGet(PeakMemory::heap);
  }

  /** Linux keeps count. */
  private static Optional<PeakMemory> resident() {
    try {
      Matcher peak = PEAK.matcher(Files.readString(STATUS));
      return peak.find()
          ? Optional.of(new PeakMemory(Long.parseLong(peak.group(1)) / 1024, "resident"))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static PeakMemory heap() {
    long bytes =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
            .sum();
    return new PeakMemory(bytes >> 20, "Java heap");
  }
}
