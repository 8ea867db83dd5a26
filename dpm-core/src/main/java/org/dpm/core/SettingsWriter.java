package org.dpm.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dpm.api.Component;
import org.dpm.core.SettingsSchema.Setting;
import org.jspecify.annotations.Nullable;

/** Writes settings records as YAML that reads back to equal records. */
final class SettingsWriter {

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .stringQuotingChecker(new Quoting())
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());

  /** Leaves bare only what is text beyond doubt. */
  private static final class Quoting extends StringQuotingChecker.Default {

    private static final long serialVersionUID = 1;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9/._-]*");

    @Override
    public boolean needToQuoteValue(String value) {
      return super.needToQuoteValue(value) || !PLAIN.matcher(value).matches();
    }
  }

  String write(Record settings) {
    try {
      return YAML.writeValueAsString(group(settings));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
  }

  private Map<String, @Nullable Object> group(Record settings) {
    Map<String, @Nullable Object> group = new LinkedHashMap<>();
    for (Setting setting : SettingsSchema.of(settings.getClass()).settings()) {
      Object value = value(settings, setting.name());
      if (!(value instanceof Optional<?> optional)) {
        group.put(setting.name(), written(value));
      } else if (optional.isPresent()) {
        group.put(setting.name(), written(optional.get()));
      } else if (setting.defaultValue().isPresent()) {
        // Leaving it out would bring the default back.
        group.put(setting.name(), null);
      }
    }
    return group;
  }

  private static Object value(Record settings, String name) {
    try {
      Method accessor = settings.getClass().getDeclaredMethod(name);
      accessor.setAccessible(true);
      return accessor.invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + settings.getClass() + "." + name, e);
    }
  }

  private Object written(Object value) {
    if (value instanceof Component<?> component) {
      Map<String, @Nullable Object> group = new LinkedHashMap<>();
      group.put("kind", component.kind());
      group.putAll(group(component.settings()));
      return group;
    } else if (value instanceof Record settings) {
      return group(settings);
    } else if (value instanceof List<?> list) {
      return list.stream().map(this::written).toList();
    } else if (value instanceof Enum<?> constant) {
      return SettingsSchema.choice(constant);
    } else if (value instanceof Path path) {
      return path.toAbsolutePath().normalize().toString();
    }
    return value;
  }
}
