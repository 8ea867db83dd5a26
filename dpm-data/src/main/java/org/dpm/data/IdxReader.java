package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.dpm.api.InvalidInput;
import org.dpm.data.file.DataFile;

/**
 * Reads the format of the MNIST files: two zero bytes, the type of the numbers, how many dimensions
 * there are, each dimension in four bytes, most significant first, and the numbers.
 */
final class IdxReader {

  private static final int UNSIGNED_BYTE = 0x08;

  private final DataFile file;

  private IdxReader(DataFile file) {
    this.file = file;
  }

  /**
   * @param limit of examples to keep, from the beginning
   * @throws InvalidInput if the file is not such a file of bytes, complete and nothing more
   */
  static PackedRows read(DataFile file, int limit) {
    return new IdxReader(file).read(limit);
  }

  private PackedRows read(int limit) {
    try (InputStream raw = file.open()) {
      raw.mark(2);
      boolean compressed = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      InputStream in = compressed ? new GZIPInputStream(raw, 1 << 16) : raw;
      // Of a compressed file only an upper bound of its length is known beforehand.
      long size = compressed ? file.size() * NpzArchive.LARGEST_RATIO : file.size();
      ArrayLayout layout = layout(new DataInputStream(in), size);
      PackedRows table = new PackedRows(layout.first(limit), in);
      checkEnd(in, layout, layout.bytes() - table.layout().bytes());
      return table;
    } catch (EOFException e) {
      throw file.invalid("is truncated: it ends before the numbers that its header announces");
    } catch (ZipException e) {
      throw file.invalid("is damaged: " + e.getMessage());
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }

  private ArrayLayout layout(DataInputStream in, long size) throws IOException {
    if (size < 4) {
      throw file.invalid("is too short to be an IDX file: it has %d bytes".formatted(size));
    }
    int zeros = in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int rank = in.readUnsignedByte();
    if (zeros != 0) {
      throw file.invalid(
          "is not an IDX file: it begins with %04x instead of two zero bytes".formatted(zeros));
    }
    if (type != UNSIGNED_BYTE) {
      throw file.invalid(
          "holds numbers of type 0x%02x; unsigned bytes, 0x08, can be read".formatted(type));
    }
    if (rank < 2) {
      throw file.invalid(
          rank == 1
              ? "looks like a file of labels, since it has one dimension; name the file of images"
              : "is not an IDX file of examples: it has no dimensions");
    }
    long[] dimensions = new long[rank];
    for (int i = 0; i < rank; i++) {
      dimensions[i] = Integer.toUnsignedLong(in.readInt());
    }
    // Grey images have one channel, which the format leaves out.
    int channels = rank == 3 ? 1 : 0;
    long available = size - 4 - 4L * rank;
    return ArrayLayout.check(
        file::invalid,
        new Shape(dimensions),
        channels,
        Encoding.U1,
        ByteOrder.BIG_ENDIAN,
        available);
  }

  /** Reads on to the end, where a compressed file is also found to be whole. */
  private void checkEnd(InputStream in, ArrayLayout layout, long unread) throws IOException {
    long rest = in.transferTo(OutputStream.nullOutputStream());
    if (rest < unread) {
      throw new EOFException();
    }
    if (rest > unread) {
      throw file.invalid(
          "is too long: %d bytes follow the %d examples that its header announces"
              .formatted(rest - unread, layout.rows()));
    }
  }
}
