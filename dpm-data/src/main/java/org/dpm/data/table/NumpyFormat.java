package org.dpm.data.table;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dpm.api.WholeFile;
import org.dpm.data.table.SampleWriter.Format;
import org.dpm.data.table.SampleWriter.Samples;

/**
 * One array named {@code samples}, float32, [n, element...], as {@code numpy.load} reads it: a zip
 * of NPY files, version 1.0 of that format.
 */
final class NumpyFormat implements Format {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  @Override
  public String extension() {
    return ".npz";
  }

  @Override
  public void write(Samples samples, Path file) throws IOException {
    WholeFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          ZipEntry entry = new ZipEntry("samples.npy");
          // The same samples make the same file, whenever they are written.
          entry.setTime(0);
          zip.putNextEntry(entry);
          zip.write(header(samples));
          for (float[] sample : samples.values()) {
            write(sample, zip);
          }
          zip.closeEntry();
          zip.finish();
        });
  }

  /** Magic, header length, and a Python dictionary padded so that the numbers begin at 64 k. */
  private static byte[] header(Samples samples) {
    String shape = samples.element().stream().map(n -> ", " + n).collect(Collectors.joining());
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d%s), }"
            .formatted(samples.values().length, shape.isEmpty() ? "," : shape);
    int used = MAGIC.length + 2 + text.length() + 1;
    int length = text.length() + 1 + (64 - used % 64) % 64;
    return ByteBuffer.allocate(MAGIC.length + 2 + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) length)
        .put(
            (text + " ".repeat(length - 1 - text.length()) + "\n")
                .getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static void write(float[] sample, OutputStream out) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * sample.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(sample);
    out.write(bytes.array());
  }
}
