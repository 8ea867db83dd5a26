package org.dpm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A settings schema")
class SettingsSchemaTest {

  record Loop(Optional<Loop> next) {}

  record Holes(List<Optional<Integer>> list) {}

  record Untyped(@SuppressWarnings("rawtypes") List list) {}

  record Renamed(@JsonAlias({"mean", "target"}) int prediction) {}

  record Clash(@JsonAlias("steps") int stages, int steps) {}

  @Test
  @DisplayName("lists names, types, defaults and descriptions in their order")
  void settings() {
    SettingsSchema schema = SettingsSchema.of(StandIns.Points.PointsSettings.class);
    assertThat(schema.settings())
        .extracting(
            setting ->
                "%s: %s = %s%s"
                    .formatted(
                        setting.name(),
                        setting.typeName(),
                        setting.defaultValue().orElse("-"),
                        setting.required() ? " !" : ""))
        .containsExactly(
            "count: whole number = - !",
            "noise: number = 0.25",
            "layout: on-a-line | anywhere = on-a-line",
            "shuffled: true | false = false",
            "seed: whole number = 3000000000",
            "title: text = points",
            "weights: list of number = []",
            "limit: whole number = 5",
            "path: path = -",
            "grid: settings = -");
    assertThat(schema.settings().get(0).description()).isEqualTo("How many points.");
    assertThat(schema.settings().get(9).nested().orElseThrow().names())
        .containsExactly("rows", "columns");
  }

  @Test
  @DisplayName("describes every setting of a pipeline and of its training")
  void described() {
    assertThat(SettingsSchema.of(Pipeline.class).settings())
        .noneMatch(setting -> setting.description().isEmpty());
    assertThat(SettingsSchema.of(OptimizerSettings.class).settings())
        .noneMatch(setting -> setting.required() || setting.description().isEmpty());
    assertThat(SettingsSchema.of(Pipeline.class).settings().get(0).typeName())
        .isEqualTo("DataSource");
  }

  @Test
  @DisplayName("knows the former names of a setting, which are not among its names")
  void formerNames() {
    SettingsSchema schema = SettingsSchema.of(Renamed.class);
    assertThat(schema.names()).containsExactly("prediction");
    assertThat(schema.settings().get(0).formerNames()).containsExactly("mean", "target");
    assertThatThrownBy(() -> SettingsSchema.of(Clash.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(Clash.class.getName() + " must not have two settings called 'steps'");
  }

  @Test
  @DisplayName("does not require a component that has a kind by default")
  void defaultKind() {
    SettingsSchema schema = SettingsSchema.of(StandIns.Relay.RelaySettings.class);
    assertThat(schema.settings().get(0).defaultValue()).contains("walk");
    assertThat(schema.settings()).noneMatch(SettingsSchema.Setting::required);
  }

  @Test
  @DisplayName("refuses a record that contains itself, a list with holes, and a list of anything")
  void refused() {
    assertThatThrownBy(() -> SettingsSchema.of(Loop.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(Loop.class.getName() + " must not contain itself");
    assertThatThrownBy(() -> SettingsSchema.of(Holes.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("list must not have Optional inside");
    assertThatThrownBy(() -> SettingsSchema.of(Untyped.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must say of what it is");
  }
}
