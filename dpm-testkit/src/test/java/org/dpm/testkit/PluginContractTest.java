package org.dpm.testkit;

import org.dpm.api.DpmPlugin;
import org.junit.jupiter.api.DisplayName;

@DisplayName("What is right passes: a plugin")
final class PluginContractTest extends SettingsContract {

  @Override
  protected DpmPlugin plugin() {
    return new PluginOf(PluginOf.Right.class);
  }
}
