package org.dpm.core;

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.dpm.api.Component;
import org.dpm.core.Node.Entry;
import org.dpm.core.Node.Mapping;
import org.dpm.core.Node.Place;
import org.dpm.core.Node.Scalar;
import org.dpm.core.Node.Source;

/** Changes a pipeline by {@code path=value}, before it is checked. */
final class Overrides {

  private final Registry registry;
  private final List<String> problems;

  Overrides(Registry registry, List<String> problems) {
    this.registry = registry;
    this.problems = problems;
  }

  /** Applies all in turn; what cannot be applied is added to the problems. */
  Mapping apply(Mapping pipeline, List<String> sets) {
    Mapping changed = pipeline;
    for (String set : sets) {
      changed = apply(changed, set);
    }
    return changed;
  }

  private Mapping apply(Mapping pipeline, String set) {
    int equals = set.indexOf('=');
    String path = equals < 0 ? set : set.substring(0, equals).strip();
    Place place = new Place(Source.set(), 1);
    if (equals < 0) {
      problems.add(
          place.problem(path, "must be path=value, such as training.minutes=5, but has no '='"));
      return pipeline;
    }
    List<String> names = List.of(path.split("\\.", -1));
    if (names.stream().anyMatch(String::isBlank)) {
      problems.add(
          place.problem(path, "must name a setting by its path, such as training.minutes"));
      return pipeline;
    }
    return new YamlTree(Source.set(), problems)
        .read(set.substring(equals + 1), path)
        .map(
            value ->
                put(Optional.of(SettingsSchema.of(Pipeline.class)), pipeline, names, value, path))
        .orElse(pipeline);
  }

  /**
   * Puts a value into a group of settings.
   *
   * @param schema what the group can have, as far as that is known
   */
  private Mapping put(
      Optional<SettingsSchema> schema, Mapping group, List<String> names, Node value, String path) {
    String name = names.get(0);
    Optional<Entry> present = group.entry(name);
    if (names.size() == 1) {
      return group.with(name, new Entry(value.place(), value, present.map(Overrides::original)));
    }
    Optional<Type> type =
        schema.flatMap(known -> known.setting(name)).map(setting -> required(setting.type()));
    boolean component =
        type.map(known -> SettingsSchema.raw(known) == Component.class).orElse(true);
    Node inner =
        present
            .map(entry -> component ? entry.value().asComponent() : entry.value())
            .orElseGet(() -> new Mapping(value.place(), new LinkedHashMap<>()));
    if (!(inner instanceof Mapping innerGroup)) {
      String what = "cannot be set, since '%s' is %s and not a group of settings";
      problems.add(value.place().problem(path, what.formatted(name, inner.shown())));
      return group;
    }
    Optional<SettingsSchema> innerSchema = type.flatMap(known -> schema(known, innerGroup));
    Mapping changed = put(innerSchema, innerGroup, names.subList(1, names.size()), value, path);
    Place place = present.map(Entry::place).orElse(value.place());
    return group.with(name, new Entry(place, changed, present.flatMap(Entry::replaced)));
  }

  private Optional<SettingsSchema> schema(Type type, Mapping group) {
    Class<?> raw = SettingsSchema.raw(type);
    if (raw == Component.class) {
      Class<?> extended = SettingsSchema.raw(SettingsSchema.argument(type));
      Optional<String> kind =
          group
              .entry("kind")
              .map(Entry::value)
              .filter(Scalar.class::isInstance)
              .map(node -> ((Scalar) node).text());
      return registry.extensions().stream()
          .map(Installed::extension)
          .filter(extension -> extension.type() == extended)
          .filter(extension -> kind.equals(Optional.of(extension.kind())))
          .findFirst()
          .map(extension -> SettingsSchema.of(extension.settings()));
    }
    return SettingsSchema.isSettings(raw)
        ? Optional.of(SettingsSchema.of(raw.asSubclass(Record.class)))
        : Optional.empty();
  }

  private static Type required(Type type) {
    return SettingsSchema.raw(type) == Optional.class ? SettingsSchema.argument(type) : type;
  }

  /** What the file had, however often it has been changed since. */
  private static Node original(Entry entry) {
    return entry.replaced().orElse(entry.value());
  }
}
