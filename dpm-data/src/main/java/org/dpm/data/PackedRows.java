package org.dpm.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.dpm.data.image.Picture;

/** Rows kept as the bytes that they are in their file, and unpacked when they are asked for. */
final class PackedRows implements Rows {

  /** Larger than one array can be in all, and allocated only as the bytes really come. */
  private static final int CHUNK = 1 << 26;

  private final ArrayLayout layout;
  private final int rowsPerChunk;
  private final List<ByteBuffer> chunks = new ArrayList<>();

  /**
   * Reads the rows.
   *
   * @param in stands at the first of them, and afterwards behind the last
   * @throws EOFException if there are fewer
   */
  PackedRows(ArrayLayout layout, InputStream in) throws IOException {
    this.layout = layout;
    int rowBytes = layout.width() * layout.encoding().size();
    this.rowsPerChunk = Math.max(1, CHUNK / rowBytes);
    for (int row = 0; row < layout.rows(); row += Math.min(rowsPerChunk, layout.rows() - row)) {
      int size = Math.min(rowsPerChunk, layout.rows() - row) * rowBytes;
      byte[] bytes = in.readNBytes(size);
      if (bytes.length < size) {
        throw new EOFException("the numbers end too early");
      }
      chunks.add(ByteBuffer.wrap(bytes).order(layout.order()));
    }
  }

  ArrayLayout layout() {
    return layout;
  }

  @Override
  public int rows() {
    return layout.rows();
  }

  @Override
  public void read(int row, float[] target, int offset) {
    ByteBuffer chunk = chunks.get(row / rowsPerChunk);
    int size = layout.encoding().size();
    int at = row % rowsPerChunk * layout.width() * size;
    if (layout.encoding() == Encoding.U1) {
      // Images: the loop below takes several times as long for them.
      byte[] levels = new byte[layout.width()];
      chunk.get(at, levels);
      Picture.unpack(levels, 0, levels.length, target, offset);
      return;
    }
    for (int i = 0; i < layout.width(); i++) {
      target[offset + i] = layout.encoding().get(chunk, at + i * size);
    }
  }
}
