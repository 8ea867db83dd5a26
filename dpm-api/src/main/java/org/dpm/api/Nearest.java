package org.dpm.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known name that a misspelt one was probably meant to be. */
public final class Nearest {

  /** From here on two names read as one: {@code gauss} and {@code gaussian} reach 0.92. */
  private static final double ALIKE = 0.9;

  private Nearest() {}

  /** The closest of the known names, or nothing if none is close. */
  public static Optional<String> to(String name, Collection<String> known) {
    return known.stream()
        .filter(candidate -> close(folded(name), folded(candidate)))
        .min(
            Comparator.<String>comparingInt(candidate -> distance(folded(name), folded(candidate)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** {@code Did you mean 'x'?} with a space in front, or nothing. */
  public static String suggestion(String name, Collection<String> known) {
    return to(name, known).map(" Did you mean '%s'?"::formatted).orElse("");
  }

  private static boolean close(String name, String candidate) {
    return distance(name, candidate) <= Math.max(1, name.length() / 3)
        || new JaroWinklerSimilarity().apply(name, candidate) >= ALIKE
        || letters(name).equals(letters(candidate));
  }

  private static int distance(String name, String candidate) {
    return LevenshteinDistance.getDefaultInstance().apply(name, candidate);
  }

  /** Swapped letters count as two edits, which is too many for a short name. */
  private static String letters(String name) {
    return Stream.of(name.split("")).sorted().reduce("", String::concat);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
