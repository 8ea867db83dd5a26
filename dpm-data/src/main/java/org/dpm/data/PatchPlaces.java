package org.dpm.data;

import java.util.Arrays;
import java.util.List;
import org.dpm.api.Noise;
import org.dpm.data.file.DataFolder;
import org.dpm.data.file.Problems;
import org.dpm.data.image.Picture;

/** Every place where a patch of one set can be cut out: some rows of each of some images. */
final class PatchPlaces {

  private final DataFolder folder;
  private final List<Picture> pictures;
  private final int side;
  private final int count;
  private final int[] top;

  /** How many places there are in each picture and all before it. */
  private final long[] places;

  /**
   * @param from the first row of each image that belongs to the set, as a fraction of its height
   * @param to the row behind the last, likewise
   * @param side of a patch
   * @param count how many patches the set is said to have
   * @throws org.dpm.api.InvalidInput if an image has no place for a patch
   */
  PatchPlaces(PictureSet set, double from, double to, int side, int count) {
    folder = set.folder();
    pictures = set.pictures();
    this.side = side;
    this.count = count;
    top = new int[pictures.size()];
    places = new long[pictures.size()];
    Problems problems = new Problems();
    long sum = 0;
    for (int i = 0; i < places.length; i++) {
      Picture picture = pictures.get(i);
      top[i] = (int) Math.round(from * picture.height());
      int rows = (int) Math.round(to * picture.height()) - top[i];
      if (rows < side || picture.width() < side) {
        problems.add(
            "%s: is %s, of which the rows %d to %d are for this set: there is no room for a patch of %d x %d"
                .formatted(
                    folder.path(set.names().get(i)),
                    picture.size(),
                    top[i] + 1,
                    top[i] + rows,
                    side,
                    side));
      }
      sum += (long) (rows - side + 1) * (picture.width() - side + 1);
      places[i] = sum;
    }
    problems.check("Give a smaller patch, or leave these images out by include.");
  }

  DataFolder folder() {
    return folder;
  }

  int count() {
    return count;
  }

  /** Unpacks a patch from a place drawn at random. */
  void cut(Noise noise, float[] target, int offset) {
    long place = (long) (noise.uniform() * places[places.length - 1]);
    int found = Arrays.binarySearch(places, place);
    // The number that is stored for a picture is the first place of the next.
    int i = found >= 0 ? found + 1 : -found - 1;
    Picture picture = pictures.get(i);
    long within = i == 0 ? place : place - places[i - 1];
    int across = picture.width() - side + 1;
    int row = top[i] + (int) (within / across);
    picture.cut(row, (int) (within % across), side, target, offset);
  }
}
