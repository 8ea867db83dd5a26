package org.dpm.core;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dpm.api.Component;
import org.dpm.api.Require;

/**
 * What a settings record can be set to: its components with their types, defaults and descriptions,
 * in the order in which they are declared.
 */
public record SettingsSchema(List<Setting> settings) {

  private static final Set<Class<?>> PLAIN =
      Set.of(
          int.class,
          Integer.class,
          long.class,
          Long.class,
          double.class,
          Double.class,
          boolean.class,
          Boolean.class,
          String.class,
          Path.class);

  /**
   * One setting.
   *
   * @param name as it is written in a pipeline
   * @param formerNames which pipelines of earlier releases may still call it
   * @param type the Java type of the record's component
   * @param defaultValue as it would be written in a pipeline, if there is one
   * @param description what it means; empty if its author does not say
   */
  public record Setting(
      String name,
      List<String> formerNames,
      Type type,
      Optional<String> defaultValue,
      String description) {

    public Setting {
      formerNames = List.copyOf(formerNames);
    }

    boolean isCalled(String written) {
      return name.equals(written) || formerNames.contains(written);
    }

    /** Whether a pipeline has to give it. */
    public boolean required() {
      return defaultValue.isEmpty()
          && raw(type) != Optional.class
          && nested().map(SettingsSchema::required).orElse(true);
    }

    /** What can be written, in words: {@code whole number}, {@code cosine | none}, ... */
    public String typeName() {
      return SettingsSchema.typeName(type);
    }

    /** The settings inside it, if it is a group of settings. */
    public Optional<SettingsSchema> nested() {
      Class<?> raw = raw(type);
      return isSettings(raw)
          ? Optional.of(SettingsSchema.of(raw.asSubclass(Record.class)))
          : Optional.empty();
    }
  }

  public SettingsSchema {
    settings = List.copyOf(settings);
  }

  /**
   * Reads a record's components.
   *
   * @throws IllegalArgumentException if one has a type that a pipeline cannot express
   */
  public static SettingsSchema of(Class<? extends Record> type) {
    return of(type, new HashSet<>());
  }

  /** The names of all settings. */
  public List<String> names() {
    return settings.stream().map(Setting::name).toList();
  }

  /** The setting of a name, today's or a former one. */
  Optional<Setting> setting(String name) {
    return settings.stream().filter(setting -> setting.isCalled(name)).findFirst();
  }

  private boolean required() {
    return settings.stream().anyMatch(Setting::required);
  }

  private static SettingsSchema of(Class<?> type, Set<Class<?>> around) {
    Require.that(around.add(type), type.getName() + " must not contain itself");
    List<Setting> settings = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      requireReadable(
          type.getName() + "." + component.getName(), component.getGenericType(), around);
      settings.add(setting(type, component));
    }
    around.remove(type);
    requireDistinct(type, settings);
    return new SettingsSchema(settings);
  }

  private static void requireDistinct(Class<?> type, List<Setting> settings) {
    Set<String> names = new HashSet<>();
    settings.stream()
        .flatMap(
            setting -> Stream.concat(Stream.of(setting.name()), setting.formerNames().stream()))
        .forEach(
            name ->
                Require.that(
                    names.add(name),
                    "%s must not have two settings called '%s'".formatted(type.getName(), name)));
  }

  private static Setting setting(Class<?> type, RecordComponent component) {
    Field field;
    try {
      // Annotations reach the field always, the accessor only when it is not written out.
      field = type.getDeclaredField(component.getName());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("a record has a field for each of its components", e);
    }
    return new Setting(
        component.getName(),
        Optional.ofNullable(field.getAnnotation(JsonAlias.class))
            .map(alias -> List.of(alias.value()))
            .orElse(List.of()),
        component.getGenericType(),
        Optional.ofNullable(field.getAnnotation(JsonProperty.class))
            .map(JsonProperty::defaultValue)
            .filter(text -> !text.isEmpty()),
        Optional.ofNullable(field.getAnnotation(JsonPropertyDescription.class))
            .map(JsonPropertyDescription::value)
            .orElse(""));
  }

  private static void requireReadable(String name, Type type, Set<Class<?>> around) {
    Class<?> raw = raw(type);
    if (raw == Optional.class || raw == List.class) {
      Type inner = argument(type);
      Require.that(raw(inner) != Optional.class, name + " must not have Optional inside");
      requireReadable(name, inner, around);
    } else if (isSettings(raw)) {
      of(raw, around);
    } else {
      Require.that(
          PLAIN.contains(raw) || raw.isEnum() || raw == Component.class,
          name
              + " must be an int, long, double, boolean, String, Path, enum, record, Optional or"
              + " List, but is "
              + type.getTypeName());
    }
  }

  private static String typeName(Type type) {
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      return typeName(argument(type));
    } else if (raw == List.class) {
      return "list of " + typeName(argument(type));
    } else if (raw == Component.class) {
      return raw(argument(type)).getSimpleName();
    } else if (raw.isEnum()) {
      return String.join(" | ", choices(raw));
    } else if (isSettings(raw)) {
      return "settings";
    } else if (raw == boolean.class || raw == Boolean.class) {
      return "true | false";
    } else if (raw == double.class || raw == Double.class) {
      return "number";
    } else if (raw == String.class) {
      return "text";
    } else if (raw == Path.class) {
      return "path";
    }
    return "whole number";
  }

  /** What an enum's constants are called in a pipeline. */
  static List<String> choices(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> choice((Enum<?>) constant))
        .toList();
  }

  static String choice(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether values of this type are groups of settings. */
  static boolean isSettings(Class<?> type) {
    return type.isRecord() && type != Component.class;
  }

  /** The T of {@code Optional<T>}, {@code List<T>} or {@code Component<T>}. */
  static Type argument(Type type) {
    return Stream.of(type)
        .filter(ParameterizedType.class::isInstance)
        .map(generic -> ((ParameterizedType) generic).getActualTypeArguments()[0])
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(type.getTypeName() + " must say of what it is"));
  }

  static Class<?> raw(Type type) {
    if (type instanceof Class<?> raw) {
      return raw;
    }
    if (type instanceof ParameterizedType generic) {
      return (Class<?>) generic.getRawType();
    }
    throw new IllegalArgumentException(
        "a setting must have a type that is known, but has " + type.getTypeName());
  }
}
