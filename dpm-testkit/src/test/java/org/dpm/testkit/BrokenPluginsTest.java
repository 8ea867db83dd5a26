package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.Component;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.Schedule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of plugins catches")
final class BrokenPluginsTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("a default of the wrong type", TextForNumber.class, "defaultsParse"),
        Arguments.of("a default that is refused", RefusedDefault.class, "defaultsParse"),
        Arguments.of("a setting without a value", NoDefault.class, "defaultsParse"),
        Arguments.of("a setting that is called kind", CalledKind.class, "isTaken"),
        Arguments.of("a default of a plugin that is not there", Elsewhere.class, "defaultsParse"),
        Arguments.of("two settings that read alike", Alike.class, "misspeltSettingIsRefused"),
        Arguments.of("a setting without description", Undescribed.class, "settingsAreDescribed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("a plugin that has")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  @Test
  @DisplayName("no such default where that plugin is installed beside")
  void beside() {
    assertThat(Verdict.on(Beside.class, "defaultsParse").failed()).isEmpty();
  }

  private abstract static class OnPlugin extends SettingsContract {

    private final Class<? extends Record> settings;

    OnPlugin(Class<? extends Record> settings) {
      this.settings = settings;
    }

    @Override
    protected final DpmPlugin plugin() {
      return new PluginOf(settings);
    }
  }

  static final class TextForNumber extends OnPlugin {
    record Settings(
        @JsonProperty(defaultValue = "fast") @JsonPropertyDescription("how fast") double slope) {}

    TextForNumber() {
      super(TextForNumber.Settings.class);
    }
  }

  static final class RefusedDefault extends OnPlugin {
    record Settings(
        @JsonProperty(defaultValue = "-1") @JsonPropertyDescription("how fast") double slope) {

      Settings {
        if (!(slope > 0)) {
          throw new IllegalArgumentException("slope must be positive, but is " + slope);
        }
      }
    }

    RefusedDefault() {
      super(RefusedDefault.Settings.class);
    }
  }

  static final class NoDefault extends OnPlugin {
    record Settings(@JsonPropertyDescription("how fast") double slope) {}

    NoDefault() {
      super(NoDefault.Settings.class);
    }
  }

  /** Its default is a part of the plugin of {@link PluginOf}. */
  private abstract static class OnAnother extends SettingsContract {
    record Settings(
        @JsonProperty(defaultValue = "test/line") @JsonPropertyDescription("which")
            Component<Schedule> schedule) {}

    @Override
    protected final DpmPlugin plugin() {
      return new DpmPlugin() {
        @Override
        public String id() {
          return "another";
        }

        @Override
        public List<Extension<?>> extensions() {
          return List.of(
              new Extension<>(
                  Schedule.class, "another/line", OnAnother.Settings.class, PluginOf.Line.class));
        }
      };
    }
  }

  static final class Elsewhere extends OnAnother {}

  static final class Beside extends OnAnother {
    @Override
    protected List<DpmPlugin> beside() {
      return List.of(new PluginOf(PluginOf.Right.class));
    }
  }

  static final class CalledKind extends OnPlugin {
    record Settings(
        @JsonProperty(defaultValue = "a") @JsonPropertyDescription("which") String kind) {}

    CalledKind() {
      super(CalledKind.Settings.class);
    }
  }

  static final class Alike extends OnPlugin {
    record Settings(
        @JsonProperty(defaultValue = "1") @JsonPropertyDescription("one") double rate,
        @JsonProperty(defaultValue = "1") @JsonPropertyDescription("another") double Rate) {}

    Alike() {
      super(Alike.Settings.class);
    }
  }

  static final class Undescribed extends OnPlugin {
    record Settings(@JsonProperty(defaultValue = "1") double slope) {}

    Undescribed() {
      super(Undescribed.Settings.class);
    }
  }
}
