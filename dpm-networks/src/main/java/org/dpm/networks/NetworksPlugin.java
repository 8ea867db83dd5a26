package org.dpm.networks;

import com.google.auto.service.AutoService;
import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.Network;

/** Networks for data of any shape. */
@AutoService(DpmPlugin.class)
public final class NetworksPlugin implements DpmPlugin {

  @Override
  public String id() {
    return "networks";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(Network.class, "mlp", MlpNetwork.Settings.class, MlpNetwork.class),
        new Extension<>(Network.class, "rbf", RbfNetwork.Settings.class, RbfNetwork.class),
        new Extension<>(Network.class, "unet", UnetNetwork.Settings.class, UnetNetwork.class));
  }
}
