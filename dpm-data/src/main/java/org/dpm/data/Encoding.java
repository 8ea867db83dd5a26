package org.dpm.data;

import ai.djl.util.Float16Utils;
import java.nio.ByteBuffer;

/** How one number is stored in bytes: unsigned, signed or floating, and of how many bytes. */
enum Encoding {
  U1(1),
  I1(1),
  U2(2),
  I2(2),
  U4(4),
  I4(4),
  I8(8),
  F2(2),
  F4(4),
  F8(8);

  private final int size;

  Encoding(int size) {
    this.size = size;
  }

  /** In bytes. */
  int size() {
    return size;
  }

  /** Whether a number may be NaN, or infinite in single precision. */
  boolean isFloating() {
    return this == F2 || this == F4 || this == F8;
  }

  /** The number that begins at a byte. */
  float get(ByteBuffer bytes, int at) {
    return switch (this) {
      case U1 -> bytes.get(at) & 0xff;
      case I1 -> bytes.get(at);
      case U2 -> bytes.getShort(at) & 0xffff;
      case I2 -> bytes.getShort(at);
      case U4 -> Integer.toUnsignedLong(bytes.getInt(at));
      case I4 -> bytes.getInt(at);
      case I8 -> bytes.getLong(at);
      case F2 -> Float16Utils.halfToFloat(bytes.getShort(at));
      case F4 -> bytes.getFloat(at);
      case F8 -> (float) bytes.getDouble(at);
    };
  }
}
