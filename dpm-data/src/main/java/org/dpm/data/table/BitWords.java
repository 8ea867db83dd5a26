package org.dpm.data.table;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Two words that stand for 0 and 1.
 *
 * @param no for 0
 * @param yes for 1
 */
record BitWords(String no, String yes) {

  /** What is written where nothing else was read. */
  static final BitWords DIGITS = new BitWords("0", "1");

  /** Numbers of which a program has made floating ones, for want of a missing whole number. */
  private static final BitWords DECIMALS = new BitWords("0.0", "1.0");

  private static final List<BitWords> WORDS =
      List.of(new BitWords("false", "true"), new BitWords("no", "yes"));

  private static final List<UnaryOperator<String>> CASES =
      List.of(
          word -> word,
          word -> word.toUpperCase(Locale.ROOT),
          word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));

  /** The pair that a text is one of, in its case; nothing if it is no bit. */
  static Optional<BitWords> of(String text) {
    double number = CellText.number(text);
    if (number == 0 || number == 1) {
      return Optional.of(text.contains(".") ? DECIMALS : DIGITS);
    }
    return WORDS.stream()
        .flatMap(
            pair -> CASES.stream().map(c -> new BitWords(c.apply(pair.no()), c.apply(pair.yes()))))
        .filter(pair -> text.equals(pair.no()) || text.equals(pair.yes()))
        .findFirst();
  }

  /** Whether a text that is one of the pair is 1. */
  boolean isOne(String text) {
    return text.equals(yes) || CellText.number(text) == 1;
  }
}
