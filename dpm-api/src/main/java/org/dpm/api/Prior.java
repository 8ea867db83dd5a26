package org.dpm.api;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * r(x), a bounded positive function, or a second distribution, that the model is multiplied with.
 * Sohl-Dickstein et al. 2015, section 2.5. It says what it knows as factors, of which a {@link
 * Factor.Density} asks least:
 *
 * <pre>{@code
 * Prior r = like -> List.of(new Factor.Density((x, stage) -> ...));
 * }</pre>
 */
@FunctionalInterface
public interface Prior {

  /** Nothing is known: r = 1. */
  Prior NOTHING = like -> List.of();

  /**
   * The factors, whose product r is.
   *
   * @param like [B, element...], for shape, type, device and manager
   */
  List<Factor> factors(NDArray like);

  /** The product with another. */
  default Prior and(Prior other) {
    return like ->
        java.util.stream.Stream.concat(factors(like).stream(), other.factors(like).stream())
            .toList();
  }
}
