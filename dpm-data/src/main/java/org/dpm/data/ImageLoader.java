package org.dpm.data;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dpm.data.file.DataFolder;
import org.dpm.data.file.Problems;
import org.dpm.data.image.ImageDecoder;
import org.dpm.data.image.Picture;

/** Reads the images of a folder, several at a time, and names those that cannot be read. */
final class ImageLoader {

  private static final int TOLD = 5;

  private final Optional<String> include;
  private final Optional<Integer> resize;
  private final Optional<String> obtain;
  private final ImageDecoder decoder;

  ImageLoader(ImageFolder.Settings settings) {
    include = settings.include();
    resize = settings.resize();
    obtain = settings.obtain();
    decoder = new ImageDecoder(settings.colours());
  }

  /**
   * @throws org.dpm.api.InvalidInput if there is none, or one of them cannot be read
   */
  PictureSet load(DataFolder folder) {
    List<Path> files = files(folder);
    Map<Path, String> refused = new ConcurrentSkipListMap<>();
    List<Picture> pictures =
        files.parallelStream().flatMap(file -> read(file, refused).stream()).toList();
    Problems problems = new Problems();
    refused.forEach((file, reason) -> problems.add(file + ": cannot be read: " + reason));
    problems.check("Repair these files, or take them out of the folder.");
    return new PictureSet(folder, files.stream().map(folder::name).toList(), pictures);
  }

  private List<Path> files(DataFolder folder) {
    List<Path> images = folder.files().stream().filter(ImageDecoder::isImage).toList();
    if (images.isEmpty()) {
      throw folder.invalid(
          "holds no image: no file in it, at any depth, ends in .png, .jpg or .jpeg."
              + obtain.map(how -> " " + how).orElse(""));
    }
    List<Path> chosen = images.stream().filter(file -> isIncluded(folder, file)).toList();
    if (chosen.isEmpty()) {
      String some = images.stream().limit(TOLD).map(folder::name).collect(Collectors.joining(", "));
      throw folder.invalid(
          "none of its %d images matches include: '%s'. It holds: %s%s."
              .formatted(
                  images.size(), include.orElse(""), some, images.size() > TOLD ? ", ..." : ""));
    }
    return chosen;
  }

  /** A pattern may speak of the name alone, or of the way to it. */
  private boolean isIncluded(DataFolder folder, Path file) {
    if (include.isEmpty()) {
      return true;
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + include.get());
    Path name = Path.of(folder.name(file));
    return Stream.of(name, name.getFileName()).anyMatch(matcher::matches);
  }

  private Optional<Picture> read(Path file, Map<Path, String> refused) {
    try {
      Picture picture = decoder.read(file);
      return Optional.of(resize.map(picture::square).orElse(picture));
    } catch (IOException e) {
      refused.put(file, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
      return Optional.empty();
    }
  }
}
