package org.dpm.core;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A pipeline as it was written: values that remember where they stand. */
sealed interface Node {

  Place place();

  /** The value for messages. */
  String shown();

  /** What stands for a component: its kind and settings. A text alone is a kind with none set. */
  default Node asComponent() {
    return this;
  }

  /**
   * Where something is written from: a file, or the command line.
   *
   * @param directory what relative paths start from
   * @param override whether it comes from {@code --set}
   */
  record Source(String name, Path directory, boolean override) {

    static Source file(String name, Path directory) {
      return new Source(name, directory, false);
    }

    static Source set() {
      return new Source("--set", Path.of("").toAbsolutePath(), true);
    }
  }

  /** A line of a source. */
  record Place(Source source, int line) {

    /** A problem with the setting at a path, in the words that every message begins with. */
    String problem(String path, String what) {
      if (source.override()) {
        return source.name() + " " + path + ": " + what;
      }
      String where = source.name() + ":" + line + ": ";
      return path.isEmpty() ? where + what : where + path + ": " + what;
    }
  }

  /** What an unquoted value looks like. Quoted values are always text. */
  enum Form {
    INTEGER,
    DECIMAL,
    BOOLEAN,
    NOTHING,
    TEXT
  }

  /** A single value. */
  record Scalar(Place place, String text, Form form) implements Node {

    @Override
    public String shown() {
      return switch (form) {
        case TEXT -> "'" + text + "'";
        case NOTHING -> "empty";
        default -> text;
      };
    }

    @Override
    public Node asComponent() {
      return form == Form.TEXT
          ? new Mapping(place, Map.of("kind", new Entry(place, this, Optional.empty())))
          : this;
    }
  }

  /** Several values in order. */
  record Items(Place place, List<Node> items) implements Node {

    @Override
    public String shown() {
      return "a list";
    }
  }

  /** Settings by name, in the order in which they are written. */
  record Mapping(Place place, Map<String, Entry> entries) implements Node {

    @Override
    public String shown() {
      return "a group of settings";
    }

    Optional<Entry> entry(String name) {
      return Optional.ofNullable(entries.get(name));
    }

    Mapping with(String name, Entry entry) {
      Map<String, Entry> changed = new LinkedHashMap<>(entries);
      changed.put(name, entry);
      return new Mapping(place, changed);
    }

    Mapping filter(Predicate<Map.Entry<String, Entry>> keep) {
      Map<String, Entry> kept = new LinkedHashMap<>();
      entries.entrySet().stream()
          .filter(keep)
          .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
      return new Mapping(place, kept);
    }
  }

  /**
   * One setting.
   *
   * @param place of its name
   * @param replaced what stood here before {@code --set} changed it
   */
  record Entry(Place place, Node value, Optional<Node> replaced) {}
}
