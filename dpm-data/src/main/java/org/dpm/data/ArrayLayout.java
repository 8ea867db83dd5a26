package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dpm.api.InvalidInput;

/**
 * What a file says of the numbers that follow: their shape and how each is stored. Nothing in it is
 * trusted until {@link #check} has compared it with the bytes that are there.
 *
 * @param rows how many examples
 * @param element shape of one example
 */
record ArrayLayout(int rows, Shape element, Encoding encoding, ByteOrder order) {

  /** Java's arrays end a little below 2^31. */
  private static final long LARGEST = Integer.MAX_VALUE - 16;

  /**
   * @param refusal puts before a problem what it is a problem of
   * @param dimensions the first counts the examples; at least one
   * @param ones how many ones go before the other dimensions in the shape of one example
   * @param available bytes that follow in the file, or an upper bound
   * @throws InvalidInput if there are no numbers, more than available, or too many for memory
   */
  static ArrayLayout check(
      Function<String, InvalidInput> refusal,
      Shape dimensions,
      int ones,
      Encoding encoding,
      ByteOrder order,
      long available) {
    String shape = text(dimensions);
    long bytes = encoding.size();
    for (long dimension : dimensions.getShape()) {
      if (dimension < 1) {
        throw refusal.apply("holds nothing: its shape is " + shape);
      }
      if (bytes > available / dimension) {
        throw refusal.apply(
            "is truncated, or its header is wrong: %s numbers of %d bytes do not fit into the %d"
                    .formatted(shape, encoding.size(), available)
                + " bytes that can follow");
      }
      bytes *= dimension;
    }
    long memory = Runtime.getRuntime().maxMemory();
    if (bytes > memory) {
      throw refusal.apply(
          "needs %d MiB, but Java may use %d; raise that with -Xmx"
              .formatted(bytes >> 20, memory >> 20));
    }
    long rows = dimensions.get(0);
    if (rows > LARGEST || bytes / rows > LARGEST) {
      throw refusal.apply(
          "is too large: at most %d examples of at most as many bytes, but its shape is %s"
              .formatted(LARGEST, shape));
    }
    long[] leading = new long[ones];
    Arrays.fill(leading, 1);
    Shape element = new Shape(leading).addAll(dimensions.slice(1));
    return new ArrayLayout((int) rows, element, encoding, order);
  }

  private static String text(Shape dimensions) {
    return Arrays.stream(dimensions.getShape())
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" x "));
  }

  /** The same for the first rows only. */
  ArrayLayout first(int count) {
    return new ArrayLayout(Math.min(count, rows), element, encoding, order);
  }

  /** Numbers in a row. */
  int width() {
    return (int) element.size();
  }

  /** All rows together. */
  long bytes() {
    return (long) rows * width() * encoding.size();
  }
}
