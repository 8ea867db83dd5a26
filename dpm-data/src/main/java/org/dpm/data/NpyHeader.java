package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an array as NumPy stores it, format versions 1 to 3: a magic string, the length of a
 * Python dictionary, and the dictionary, which says how the numbers are stored, in which order, and
 * their shape.
 *
 * @param length of the head itself, in bytes
 */
record NpyHeader(Shape shape, Encoding encoding, ByteOrder order, int length) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Longer than any head of plain numbers; NumPy itself reads no more without being told to. */
  private static final int LONGEST = 10_000;

  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([^']*)'");
  private static final Pattern STRUCTURED = Pattern.compile("'descr'\\s*:\\s*\\[");
  private static final Pattern COLUMN_MAJOR = Pattern.compile("'fortran_order'\\s*:\\s*True");
  private static final Pattern ROW_MAJOR = Pattern.compile("'fortran_order'\\s*:\\s*False");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, ]*)\\)");

  private static final Map<String, Encoding> ENCODINGS =
      Map.ofEntries(
          Map.entry("b1", Encoding.U1),
          Map.entry("u1", Encoding.U1),
          Map.entry("i1", Encoding.I1),
          Map.entry("u2", Encoding.U2),
          Map.entry("i2", Encoding.I2),
          Map.entry("u4", Encoding.U4),
          Map.entry("i4", Encoding.I4),
          Map.entry("i8", Encoding.I8),
          Map.entry("f2", Encoding.F2),
          Map.entry("f4", Encoding.F4),
          Map.entry("f8", Encoding.F8));

  /** A head that is whole, but not of an array that can be read. */
  static final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    private final String problem;

    Refused(String problem) {
      super(problem);
      this.problem = problem;
    }

    /** What is wrong, without the names of file and array. */
    String problem() {
      return problem;
    }
  }

  /**
   * @param in stands at the head, and afterwards behind it
   * @param available bytes in all
   * @throws EOFException if the array ends in its head
   */
  static NpyHeader read(InputStream in, long available) throws IOException, Refused {
    DataInputStream data = new DataInputStream(in);
    if (!Arrays.equals(data.readNBytes(MAGIC.length), MAGIC)) {
      throw new Refused("does not begin as a NumPy array does");
    }
    int major = data.readUnsignedByte();
    int minor = data.readUnsignedByte();
    if (major < 1 || major > 3 || minor != 0) {
      throw new Refused(
          "is in NumPy's format %d.%d; 1.0, 2.0 and 3.0 can be read".formatted(major, minor));
    }
    long text =
        major == 1
            ? Short.toUnsignedInt(Short.reverseBytes(data.readShort()))
            : Integer.toUnsignedLong(Integer.reverseBytes(data.readInt()));
    int before = MAGIC.length + 2 + (major == 1 ? 2 : 4);
    if (text > LONGEST || text > available - before) {
      throw new Refused("is truncated, or its header's length of %d is wrong".formatted(text));
    }
    byte[] dictionary = new byte[(int) text];
    data.readFully(dictionary);
    return parse(new String(dictionary, StandardCharsets.UTF_8), before + dictionary.length);
  }

  private static NpyHeader parse(String text, int length) throws Refused {
    if (STRUCTURED.matcher(text).find()) {
      throw new Refused("is an array of records; save its columns as one array of numbers");
    }
    Matcher type = TYPE.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    boolean columnMajor = COLUMN_MAJOR.matcher(text).find();
    if (!type.find() || !shape.find() || !(columnMajor || ROW_MAJOR.matcher(text).find())) {
      throw new Refused("has a header that is not NumPy's: " + text.strip());
    }
    if (columnMajor) {
      throw new Refused("is in Fortran order; save numpy.ascontiguousarray of it");
    }
    ByteOrder order = type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyHeader(dimensions(shape.group(1)), encoding(type.group(2)), order, length);
  }

  private static Encoding encoding(String code) throws Refused {
    Encoding encoding = ENCODINGS.get(code);
    if (encoding != null) {
      return encoding;
    }
    if (code.startsWith("O")) {
      throw new Refused("holds Python objects, which are code and are never read; save numbers");
    }
    throw new Refused(
        "holds numbers of type '%s'; %s can be read"
            .formatted(code, String.join(", ", ENCODINGS.keySet().stream().sorted().toList())));
  }

  private static Shape dimensions(String text) throws Refused {
    try {
      long[] shape =
          Arrays.stream(text.split(","))
              .map(String::strip)
              .filter(number -> !number.isEmpty())
              .mapToLong(Long::parseLong)
              .toArray();
      if (shape.length == 0) {
        throw new Refused("is a single number, not an array of examples");
      }
      return new Shape(shape);
    } catch (NumberFormatException e) {
      throw new Refused("has a shape that is too large: (%s)".formatted(text));
    }
  }
}
