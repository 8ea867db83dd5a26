package org.dpm.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.data.file.DataFile;
import org.dpm.data.file.Problems;

/** NumPy's archive of arrays: a zip file with an entry {@code NAME.npy} for each. */
final class NpzArchive implements Closeable {

  private static final String SUFFIX = ".npy";

  /** Deflate makes nothing smaller than by this factor, so a larger one is a lie. */
  static final long LARGEST_RATIO = 1032;

  private final DataFile file;
  private final ZipFile zip;
  private final List<String> names;

  NpzArchive(DataFile file) throws IOException {
    this.file = file;
    try {
      zip = new ZipFile(file.path().toFile());
    } catch (ZipException e) {
      throw new InvalidInput(
          "%s: is not an archive that numpy.savez wrote, or is truncated: %s"
              .formatted(file.path(), e.getMessage()),
          e);
    }
    names =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.endsWith(SUFFIX))
            .map(name -> name.substring(0, name.length() - SUFFIX.length()))
            .sorted()
            .toList();
  }

  /** The array to learn from: the one that was named, or the only one beside the held-out one. */
  String choose(Optional<String> named, Optional<String> heldOut) {
    if (named.isPresent()) {
      return named.get();
    }
    List<String> others =
        names.stream().filter(name -> !heldOut.equals(Optional.of(name))).toList();
    if (others.size() == 1) {
      return others.get(0);
    }
    throw file.invalid(
        others.isEmpty()
            ? "holds no array to learn from"
            : "holds several arrays; name one in the setting array: " + String.join(", ", others));
  }

  /**
   * Reads one array whole.
   *
   * @param bits whether it must hold nothing but 0 and 1
   * @throws InvalidInput if there is none of that name, or it is damaged, or cannot be trained on
   */
  PackedRows read(String name, boolean bits) throws IOException {
    ZipEntry entry = zip.getEntry(name + SUFFIX);
    if (entry == null) {
      throw file.invalid(
          "holds no array '%s'.%s It holds: %s."
              .formatted(name, Nearest.suggestion(name, names), String.join(", ", names)));
    }
    if (entry.getSize() / LARGEST_RATIO > entry.getCompressedSize()) {
      throw wrong(name, "says that it has %d bytes, but cannot".formatted(entry.getSize()));
    }
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
      PackedRows table = read(name, in, entry.getSize());
      if (in.read() >= 0 || sum.getValue() != entry.getCrc()) {
        throw wrong(name, "is damaged: its checksum is not that of its content");
      }
      if (bits) {
        checkBits(name, table);
      } else {
        checkFinite(name, table);
      }
      return table;
    } catch (EOFException e) {
      throw wrong(name, "is truncated");
    } catch (ZipException e) {
      throw wrong(name, "is damaged: " + e.getMessage());
    }
  }

  private PackedRows read(String name, InputStream in, long size) throws IOException {
    NpyHeader header;
    try {
      header = NpyHeader.read(in, size);
    } catch (NpyHeader.Refused e) {
      throw wrong(name, e.problem());
    }
    // Splits are arrays: single numbers become arrays of one.
    int ones = header.shape().dimension() == 1 ? 1 : 0;
    long available = size - header.length();
    ArrayLayout layout =
        ArrayLayout.check(
            problem -> wrong(name, problem),
            header.shape(),
            ones,
            header.encoding(),
            header.order(),
            available);
    if (layout.bytes() < available) {
      throw wrong(
          name, "has %d bytes more than its shape says".formatted(available - layout.bytes()));
    }
    return new PackedRows(layout, in);
  }

  private void checkFinite(String name, PackedRows table) {
    if (table.layout().encoding().isFloating()) {
      numbers(name, table, number -> !Float.isFinite(number), "in single precision")
          .check("Missing values cannot be trained on: remove those examples from the array.");
    }
  }

  private void checkBits(String name, PackedRows table) {
    numbers(name, table, number -> number != 0 && number != 1, "and neither 0 nor 1")
        .check("With bits: true an array holds 0 and 1 only: leave the setting out for numbers.");
  }

  private Problems numbers(String name, PackedRows table, OfNumber wrong, String what) {
    Problems problems = new Problems();
    float[] row = new float[table.layout().width()];
    for (int i = 0; i < table.rows(); i++) {
      table.read(i, row, 0);
      for (int j = 0; j < row.length; j++) {
        if (wrong.holds(row[j])) {
          problems.add(
              "%s: array '%s': element %d of example %d is %s %s"
                  .formatted(file.path(), name, j, i, row[j], what));
        }
      }
    }
    return problems;
  }

  @FunctionalInterface
  private interface OfNumber {
    boolean holds(float number);
  }

  private InvalidInput wrong(String name, String problem) {
    return file.invalid("array '%s' %s".formatted(name, problem));
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
