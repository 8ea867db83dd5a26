package org.dpm.training.data;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What the user may have meant. */
final class NearestName {

  private NearestName() {}

  /** " Did you mean 'age'?", or nothing where no known name is close. */
  static String hint(String wrong, Collection<String> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream()
        .min(Comparator.comparingInt(name -> distance.apply(wrong, name)))
        .filter(name -> distance.apply(wrong, name) <= Math.max(1, wrong.length() / 3))
        .map(" Did you mean '%s'?"::formatted)
        .orElse("");
  }
}
