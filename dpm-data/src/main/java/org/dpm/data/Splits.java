package org.dpm.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;

/** Stored rows, dealt out to training and held-out examples; either set keeps the rows' order. */
final class Splits {

  /** The fraction that is held out unless the user says otherwise. */
  static final double HELD_OUT = 0.2;

  private final Part training;
  private final Part heldOut;

  private Splits(Part training, Part heldOut) {
    this.training = training;
    this.heldOut = heldOut;
  }

  /** Two tables that are separate already. */
  static Splits of(Rows training, Rows heldOut) {
    return new Splits(all(training), all(heldOut));
  }

  private static Part all(Rows table) {
    return new Part(table, IntStream.range(0, table.rows()).toArray());
  }

  /**
   * One table, of which randomly chosen rows are held out.
   *
   * @param table at least two rows, so that neither set is empty
   * @param fraction held out, rounded to whole rows but at least one and not all
   */
  static Splits dealt(Rows table, double fraction, long seed) {
    int rows = table.rows();
    int held = (int) Math.max(1, Math.min(rows - 1, Math.round(rows * fraction)));
    int[] order = Noise.of(seed, "held-out rows").permutation(rows);
    Arrays.sort(order, 0, held);
    Arrays.sort(order, held, rows);
    return new Splits(
        new Part(table, Arrays.copyOfRange(order, held, rows)),
        new Part(table, Arrays.copyOf(order, held)));
  }

  int count(Split split) {
    return part(split).rows.length;
  }

  /** The row of its table that an example is. */
  int row(Split split, int index) {
    return part(split).rows[index];
  }

  void read(Split split, int index, float[] target, int offset) {
    part(split).table.read(row(split, index), target, offset);
  }

  /** One set: some rows of a table. */
  private static final class Part {

    private final Rows table;
    private final int[] rows;

    Part(Rows table, int... rows) {
      this.table = table;
      this.rows = rows;
    }
  }

  private Part part(Split split) {
    return switch (split) {
      case TRAINING -> training;
      case HELD_OUT -> heldOut;
    };
  }

  /**
   * Checks the settings by which a source holds examples out.
   *
   * @param separate the name of the setting that names a held-out set of its own
   * @param given whether that is given
   */
  static void requireFraction(double heldOut, String separate, boolean given) {
    if (!(heldOut > 0 && heldOut < 1)) {
      throw new IllegalArgumentException(
          "heldOut must be a fraction above 0 and below 1, but is " + heldOut);
    }
    if (given && heldOut != HELD_OUT) {
      throw new IllegalArgumentException(
          "heldOut must be left out when %s is given, but is %s".formatted(separate, heldOut));
    }
  }
}
