package org.dpm.core;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dpm.api.Component;
import org.dpm.api.InvalidInput;
import org.dpm.api.Nearest;
import org.dpm.core.Node.Entry;
import org.dpm.core.Node.Form;
import org.dpm.core.Node.Items;
import org.dpm.core.Node.Mapping;
import org.dpm.core.Node.Scalar;
import org.dpm.core.Node.Source;
import org.dpm.core.SettingsSchema.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was written into settings records, strictly. Whatever is wrong is added to the
 * problems and reading goes on, so that all problems of a pipeline are found at once.
 */
final class SettingsReader {

  private static final String KIND = "kind";

  private final Registry registry;
  private final List<String> problems;

  SettingsReader(Registry registry, List<String> problems) {
    this.registry = registry;
    this.problems = problems;
  }

  /**
   * Reads a record.
   *
   * @param owner whose settings these are, to begin a sentence
   * @return nothing if there were problems
   */
  <R extends Record> Optional<R> record(Class<R> type, String owner, Mapping given, String path) {
    SettingsSchema schema = SettingsSchema.of(type);
    Set<String> misspelt = new HashSet<>();
    boolean strangers = reportUnknown(schema, owner, given, path, misspelt);
    Map<Setting, Optional<?>> values = new LinkedHashMap<>();
    for (Setting setting : schema.settings()) {
      values.put(setting, value(setting, owner, given, path, misspelt));
    }
    return construct(type, values, given, path, strangers);
  }

  /**
   * Reports names that mean nothing here.
   *
   * @param misspelt receives what they were probably meant to be: not to be called missing as well
   */
  private boolean reportUnknown(
      SettingsSchema schema, String owner, Mapping given, String path, Set<String> misspelt) {
    List<String> names = schema.names();
    boolean found = false;
    for (Map.Entry<String, Entry> entry : given.entries().entrySet()) {
      String name = entry.getKey();
      if (schema.setting(name).isPresent()) {
        continue;
      }
      found = true;
      Nearest.to(name, names).ifPresent(misspelt::add);
      String what = "%s has no setting '%s'.%s%n  %s";
      String has = names.isEmpty() ? "It has none." : "It has: " + String.join(", ", names) + ".";
      String suggestion = Nearest.suggestion(name, names);
      problems.add(
          entry
              .getValue()
              .place()
              .problem(join(path, name), what.formatted(owner, name, suggestion, has)));
    }
    return found;
  }

  private Optional<?> value(
      Setting setting, String owner, Mapping given, String path, Set<String> misspelt) {
    String inner = join(path, setting.name());
    List<Map.Entry<String, Entry>> written = written(setting, given);
    if (written.size() > 1) {
      List<String> names = written.stream().map(Map.Entry::getKey).toList();
      Node last = written.get(written.size() - 1).getValue().value();
      String what = "is given twice, as '%s'; remove one";
      return refuse(last, inner, what.formatted(String.join("' and '", names)));
    } else if (!written.isEmpty()) {
      Map.Entry<String, Entry> entry = written.get(0);
      return read(setting.type(), entry.getValue().value(), join(path, entry.getKey()));
    }
    Class<?> raw = SettingsSchema.raw(setting.type());
    if (setting.defaultValue().isPresent()) {
      Path directory = given.place().source().directory();
      Source source = Source.file("the defaults of " + owner, directory);
      return new YamlTree(source, problems)
          .read(setting.defaultValue().get(), inner)
          .flatMap(node -> read(setting.type(), node, inner));
    } else if (raw == Optional.class) {
      return Optional.of(Optional.empty());
    } else if (SettingsSchema.isSettings(raw)) {
      return read(setting.type(), new Mapping(given.place(), Map.of()), inner);
    }
    if (!misspelt.contains(setting.name())) {
      problems.add(given.place().problem(inner, "is missing.%n  %s".formatted(help(setting))));
    }
    return Optional.empty();
  }

  /**
   * Where a setting is given, by today's name or a former one. A single value from {@code --set}
   * takes the place of what the file has under another name.
   */
  private static List<Map.Entry<String, Entry>> written(Setting setting, Mapping given) {
    List<Map.Entry<String, Entry>> all =
        given.entries().entrySet().stream()
            .filter(entry -> setting.isCalled(entry.getKey()))
            .toList();
    List<Map.Entry<String, Entry>> set =
        all.stream()
            .filter(entry -> !(entry.getValue().value() instanceof Mapping))
            .filter(entry -> entry.getValue().value().place().source().override())
            .toList();
    return set.isEmpty() ? all : set;
  }

  private String help(Setting setting) {
    if (SettingsSchema.raw(setting.type()) == Component.class) {
      return registry.installed(SettingsSchema.raw(SettingsSchema.argument(setting.type())));
    }
    String description = setting.description().isEmpty() ? "" : ": " + setting.description();
    return "It has no default (%s)%s".formatted(setting.typeName(), description);
  }

  /** The value as an instance of the type, or nothing if it is not one. */
  private Optional<?> read(Type type, Node node, String path) {
    Class<?> raw = SettingsSchema.raw(type);
    boolean nothing = node instanceof Scalar scalar && scalar.form() == Form.NOTHING;
    if (raw == Optional.class) {
      return nothing
          ? Optional.of(Optional.empty())
          : read(SettingsSchema.argument(type), node, path).<Object>map(Optional::of);
    } else if (nothing) {
      return refuse(node, path, "has no value; give it one, or leave it out");
    } else if (raw == Component.class) {
      return component(SettingsSchema.raw(SettingsSchema.argument(type)), node, path);
    } else if (SettingsSchema.isSettings(raw)) {
      return group(raw.asSubclass(Record.class), node, path);
    } else if (raw == List.class) {
      return list(SettingsSchema.argument(type), node, path);
    }
    return node instanceof Scalar scalar
        ? scalar(raw, scalar, path)
        : refuse(node, path, "must be a single value, but is " + node.shown());
  }

  private Optional<? extends Record> group(Class<? extends Record> type, Node node, String path) {
    return node instanceof Mapping given
        ? record(type, "'" + path + "'", given, path)
        : refuse(node, path, "must be a group of settings, but is " + node.shown());
  }

  private Optional<List<?>> list(Type element, Node node, String path) {
    if (!(node instanceof Items items)) {
      return refuse(node, path, "must be a list, such as [a, b], but is " + node.shown());
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < items.items().size(); i++) {
      read(element, items.items().get(i), path + "[" + i + "]").ifPresent(values::add);
    }
    return values.size() == items.items().size()
        ? Optional.of(List.copyOf(values))
        : Optional.empty();
  }

  /**
   * Reads a component: its kind and the settings of that kind, or its kind alone.
   *
   * @return nothing if there were problems
   */
  <T> Optional<Component<T>> component(Class<T> type, Node node, String path) {
    if (!(node.asComponent() instanceof Mapping given)) {
      String what = "must be a kind, or a group of settings with a kind, but is " + node.shown();
      return refuse(node, path, what);
    }
    Optional<Entry> entry = given.entry(KIND);
    if (entry.isEmpty()) {
      String what = "is missing.%n  %s".formatted(registry.installed(type));
      problems.add(given.place().problem(join(path, KIND), what));
      return Optional.empty();
    }
    Node value = entry.get().value();
    String kindPath = node instanceof Mapping ? join(path, KIND) : path;
    return read(String.class, value, kindPath)
        .flatMap(kind -> installed(type, (String) kind, value, kindPath))
        .flatMap(found -> component(found, settings(given, entry.get()), path));
  }

  private <T> Optional<Component<T>> component(Installed<T> found, Mapping given, String path) {
    Class<T> type = found.extension().type();
    String kind = found.extension().kind();
    String owner = "%s '%s'".formatted(type.getSimpleName(), kind);
    return record(found.extension().settings(), owner, given, path)
        .map(settings -> new Component<>(type, kind, settings));
  }

  private <T> Optional<Installed<T>> installed(
      Class<T> type, String kind, Node value, String path) {
    try {
      return Optional.of(registry.find(type, kind));
    } catch (InvalidInput e) {
      return refuse(value, path, e.problems().get(0));
    }
  }

  /** All but the kind; what a file gave to a kind that was changed by an override is dropped. */
  private static Mapping settings(Mapping given, Entry kind) {
    boolean changed =
        kind.value().place().source().override()
            && !kind.replaced().map(Node::shown).equals(Optional.of(kind.value().shown()));
    return given.filter(
        entry ->
            !entry.getKey().equals(KIND)
                && (!changed || entry.getValue().value().place().source().override()));
  }

  private Optional<?> scalar(Class<?> type, Scalar scalar, String path) {
    if (type == int.class || type == Integer.class) {
      return whole(scalar, Integer.MIN_VALUE, Integer.MAX_VALUE, path).map(BigInteger::intValue);
    } else if (type == long.class || type == Long.class) {
      return whole(scalar, Long.MIN_VALUE, Long.MAX_VALUE, path).map(BigInteger::longValue);
    } else if (type == double.class || type == Double.class) {
      return number(scalar, path);
    } else if (type == boolean.class || type == Boolean.class) {
      return scalar.form() == Form.BOOLEAN
          ? Optional.of(Boolean.valueOf(scalar.text()))
          : refuse(scalar, path, "must be true or false, but is " + scalar.shown());
    } else if (type.isEnum()) {
      return choice(type, scalar, path);
    } else if (scalar.form() != Form.TEXT) {
      String what = "must be text, but is %s; put it in quotes if it is meant so";
      return refuse(scalar, path, what.formatted(scalar.shown()));
    }
    return type == Path.class ? path(scalar, path) : Optional.of(scalar.text());
  }

  private Optional<BigInteger> whole(Scalar scalar, long least, long most, String path) {
    if (scalar.form() != Form.INTEGER) {
      return refuse(scalar, path, "must be a whole number, but is " + scalar.shown());
    }
    BigInteger value = new BigInteger(scalar.text());
    if (value.compareTo(BigInteger.valueOf(least)) < 0
        || value.compareTo(BigInteger.valueOf(most)) > 0) {
      String what = "must be from %d to %d, but is %s";
      return refuse(scalar, path, what.formatted(least, most, scalar.text()));
    }
    return Optional.of(value);
  }

  private Optional<Double> number(Scalar scalar, String path) {
    if (scalar.form() != Form.INTEGER && scalar.form() != Form.DECIMAL) {
      return refuse(scalar, path, "must be a number, but is " + scalar.shown());
    }
    // .inf and .nan are numbers to YAML; the only ones with these letters.
    boolean finite = !scalar.text().matches("(?i).*[fa].*");
    if (!finite || Double.isInfinite(Double.parseDouble(scalar.text()))) {
      return refuse(scalar, path, "must be a finite number, but is " + scalar.shown());
    }
    return Optional.of(Double.valueOf(scalar.text()));
  }

  private Optional<Object> choice(Class<?> type, Scalar scalar, String path) {
    List<String> choices = SettingsSchema.choices(type);
    int index = choices.indexOf(scalar.text());
    if (index < 0) {
      String what = "%s is not known.%s%n  It can be: %s.";
      String suggestion = Nearest.suggestion(scalar.text(), choices);
      return refuse(
          scalar, path, what.formatted(scalar.shown(), suggestion, String.join(", ", choices)));
    }
    return Optional.of(type.getEnumConstants()[index]);
  }

  private Optional<Path> path(Scalar scalar, String path) {
    try {
      Path directory = scalar.place().source().directory();
      return Optional.of(directory.resolve(scalar.text()).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return refuse(scalar, path, "must be a path, but " + e.getMessage());
    }
  }

  /**
   * Builds the record. Where a value could not be read the record's own checks still run, for what
   * they say of the settings that were read.
   */
  private <R extends Record> Optional<R> construct(
      Class<R> type,
      Map<Setting, Optional<?>> values,
      Mapping given,
      String path,
      boolean strangers) {
    boolean complete = values.values().stream().allMatch(Optional::isPresent);
    if (values.entrySet().stream().anyMatch(SettingsReader::lacksNumber)) {
      return Optional.empty();
    }
    @Nullable Object[] arguments =
        values.values().stream().map(value -> value.orElse(null)).toArray();
    try {
      R record = canonical(type).newInstance(arguments);
      return complete ? Optional.of(record) : Optional.empty();
    } catch (InvocationTargetException e) {
      refused(e.getTargetException(), values.keySet(), given, path, complete, strangers);
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot build " + type.getName(), e);
    }
  }

  /** A primitive has no value that stands for "not read". */
  private static boolean lacksNumber(Map.Entry<Setting, Optional<?>> value) {
    return value.getValue().isEmpty() && SettingsSchema.raw(value.getKey().type()).isPrimitive();
  }

  private static <R extends Record> Constructor<R> canonical(Class<R> type)
      throws NoSuchMethodException {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    Constructor<R> constructor = type.getDeclaredConstructor(types);
    // Plugins may keep their records to themselves.
    constructor.setAccessible(true);
    return constructor;
  }

  /** Reports what a compact constructor said, at the setting that its message begins with. */
  private void refused(
      Throwable refusal,
      Set<Setting> settings,
      Mapping given,
      String path,
      boolean complete,
      boolean strangers) {
    boolean understood =
        refusal instanceof IllegalArgumentException || refusal instanceof InvalidInput;
    String message = String.valueOf(refusal.getMessage());
    String name = message.split("\\W", 2)[0];
    Optional<Map.Entry<String, Entry>> entry =
        settings.stream()
            .filter(setting -> understood && setting.name().equals(name))
            .flatMap(setting -> written(setting, given).stream())
            .findFirst();
    if (entry.isPresent()) {
      String must = name + " must ";
      String what = message.startsWith(must) ? message.substring(name.length() + 1) : message;
      Node value = entry.get().getValue().value();
      problems.add(value.place().problem(join(path, entry.get().getKey()), what));
    } else if (complete && understood && !strangers) {
      problems.add(given.place().problem(path, message));
    } else if (complete && !understood) {
      // Not the user's mistake but the plugin's: not to be mixed with theirs.
      throw new IllegalStateException(path + ": the settings cannot be checked", refusal);
    }
  }

  private <T> Optional<T> refuse(Node node, String path, String what) {
    problems.add(node.place().problem(path, what));
    return Optional.empty();
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
