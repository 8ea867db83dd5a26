package org.dpm.data;

import java.util.List;
import org.dpm.data.file.DataFolder;
import org.dpm.data.image.Picture;

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
