package org.dpm.gaussian;

import org.dpm.api.DpmPlugin;
import org.dpm.testkit.SettingsContract;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The Gaussian plugin has parts, each of which")
class GaussianSettingsTest extends SettingsContract {

  @Override
  protected DpmPlugin plugin() {
    return new GaussianPlugin();
  }
}
