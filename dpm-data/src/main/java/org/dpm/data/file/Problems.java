package org.dpm.data.file;

import java.util.ArrayList;
import java.util.List;
import org.dpm.api.InvalidInput;

/**
 * What is wrong with the values of a file, told together: the first few in full, the rest counted.
 */
public final class Problems {

  private static final int SHOWN = 10;

  private final List<String> shown = new ArrayList<>();
  private long count;

  /** Another one, with its place. */
  public void add(String problem) {
    count++;
    if (shown.size() < SHOWN) {
      shown.add(problem);
    }
  }

  /**
   * Refuses the file if anything was added.
   *
   * @param advice what to do about it
   */
  public void check(String advice) {
    if (count == 0) {
      return;
    }
    List<String> lines = new ArrayList<>(shown);
    if (count > SHOWN) {
      lines.add("and %d more problems of this kind".formatted(count - SHOWN));
    }
    lines.add(advice);
    throw new InvalidInput(lines);
  }
}
