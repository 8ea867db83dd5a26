package org.dpm.data;

import java.util.List;

/**
 * The images of a folder.
 *
 * @param folder where they were read from
 * @param names of the images, as seen from the folder
 * @param pictures as many
 */
record PictureSet(DataFolder folder, List<String> names, List<Picture> pictures) {

  PictureSet {
    names = List.copyOf(names);
    pictures = List.copyOf(pictures);
  }

  ByteImages images() {
    return new ByteImages(pictures.stream().map(Picture::levels).toList());
  }
}
