package org.dpm.data;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.InvalidInput;
import org.dpm.data.file.DataFile;

/**
 * Images from files of CIFAR-10's binary version. Nothing but records: a byte that is the label,
 * then the levels of red, of green and of blue, each row by row.
 */
final class Cifar10Records {

  static final Shape ELEMENT = new Shape(3, 32, 32);

  private static final int IMAGE = 3 * 32 * 32;
  private static final int RECORD = 1 + IMAGE;
  private static final int LABELS = 10;

  private final List<byte[]> images = new ArrayList<>();
  private final List<String> places = new ArrayList<>();

  /**
   * @param limit of images to keep, from the beginning
   * @throws InvalidInput if one of the files is not made of such records
   */
  Cifar10Records(List<DataFile> files, int limit) {
    for (DataFile file : files) {
      try {
        checkLength(file);
        read(file, limit);
      } catch (IOException e) {
        throw file.unreadable(e);
      }
    }
  }

  private static void checkLength(DataFile file) throws IOException {
    long length = file.size();
    if (length == 0 || length % RECORD != 0) {
      throw file.invalid(
          "is not a file of CIFAR-10's binary version: it has %d bytes, but a file of whole records has a multiple of %d, 1 for the label and 3 x 32 x 32 for the image"
              .formatted(length, RECORD));
    }
  }

  private void read(DataFile file, int limit) throws IOException {
    try (InputStream in = file.open()) {
      byte[] record = in.readNBytes(RECORD);
      for (int i = 0; record.length == RECORD && images.size() < limit; i++) {
        add(file, i, record);
        record = in.readNBytes(RECORD);
      }
    }
  }

  private void add(DataFile file, int index, byte[] record) {
    int label = record[0] & 0xff;
    if (label >= LABELS) {
      throw file.invalid(
          "is not a file of CIFAR-10's binary version: record %d has the label %d, but labels are 0 to %d"
              .formatted(index, label, LABELS - 1));
    }
    byte[] image = new byte[IMAGE];
    System.arraycopy(record, 1, image, 0, IMAGE);
    images.add(image);
    places.add("%s: record %d".formatted(file.name(), index));
  }

  ByteImages images() {
    return new ByteImages(images);
  }

  /** The file and the record of an image. */
  String place(int index) {
    return places.get(index);
  }
}
