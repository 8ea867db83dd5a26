package org.dpm.core;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;

/** Does independent pieces of work on a diffusion, several at once where that is faster. */
public interface SideBySide {

  /**
   * Does the pieces.
   *
   * @param pieces how many
   * @param work does the piece of a number, without gradients; the diffusion is the thread's own
   * @return what came of each
   */
  <R> List<R> each(int pieces, BiFunction<Integer, Diffusion, R> work);

  /** One after the other. */
  static SideBySide oneByOne(Diffusion diffusion) {
    return new SideBySide() {
      @Override
      public <R> List<R> each(int pieces, BiFunction<Integer, Diffusion, R> work) {
        return IntStream.range(0, pieces).mapToObj(i -> work.apply(i, diffusion)).toList();
      }
    };
  }
}
