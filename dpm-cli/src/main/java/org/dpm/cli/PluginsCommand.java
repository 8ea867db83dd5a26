package org.dpm.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.dpm.core.Installed;
import org.dpm.core.Registry;
import org.dpm.core.SettingsSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dpm plugins}. */
@Command(
    name = "plugins",
    description = "List every installed kind, who provides it, and its settings.",
    mixinStandardHelpOptions = true)
final class PluginsCommand implements Callable<Integer>, CommonOptions.Owner {

  /** One line of {@code --json}. */
  private record Row(
      String type,
      String kind,
      String plugin,
      String version,
      String location,
      List<SettingRow> settings) {}

  private record SettingRow(String name, String type, String defaultValue, String description) {}

  /** What {@code --json} prints. */
  private record Result(List<Row> extensions) {}

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() {
    try (Registry registry = common.registry()) {
      List<Row> rows = registry.extensions().stream().map(PluginsCommand::row).toList();
      if (!common.json) {
        print(rows);
      }
      common.printJson(new Result(rows));
    }
    return 0;
  }

  private void print(List<Row> rows) {
    String type = "";
    for (Row row : rows) {
      if (!row.type().equals(type)) {
        type = row.type();
        common.talk().println(type);
      }
      common
          .talk()
          .printf("  %-20s %s %s (%s)%n", row.kind(), row.plugin(), row.version(), row.location());
      for (SettingRow setting : row.settings()) {
        common
            .talk()
            .printf(
                "      %-16s %-28s %s%n",
                setting.name(),
                setting.type()
                    + (setting.defaultValue().isEmpty() ? "" : " = " + setting.defaultValue()),
                setting.description());
      }
    }
  }

  private static Row row(Installed<?> installed) {
    return new Row(
        installed.extension().type().getSimpleName(),
        installed.extension().kind(),
        installed.plugin().id(),
        installed.plugin().version(),
        installed.location(),
        SettingsSchema.of(installed.extension().settings()).settings().stream()
            .map(
                s ->
                    new SettingRow(
                        s.name(), s.typeName(), s.defaultValue().orElse(""), s.description()))
            .toList());
  }
}
