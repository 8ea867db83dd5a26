package org.dpm.data;

import com.google.auto.service.AutoService;
import java.util.List;
import org.dpm.api.DataSource;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;

/** The data sources that come with the framework. */
@AutoService(DpmPlugin.class)
public final class DataPlugin implements DpmPlugin {

  @Override
  public String id() {
    return "data";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(DataSource.class, "cifar10", Cifar10Data.Settings.class, Cifar10Data.class),
        new Extension<>(DataSource.class, "csv", CsvData.Settings.class, CsvData.class),
        new Extension<>(
            DataSource.class, "dead-leaves", DeadLeaves.Settings.class, DeadLeaves.class),
        new Extension<>(DataSource.class, "heartbeat", Heartbeat.Settings.class, Heartbeat.class),
        new Extension<>(DataSource.class, "idx", IdxData.Settings.class, IdxData.class),
        new Extension<>(
            DataSource.class, "image-folder", ImageFolder.Settings.class, ImageFolder.class),
        new Extension<>(DataSource.class, "npz", NpzData.Settings.class, NpzData.class),
        new Extension<>(DataSource.class, "swiss-roll", SwissRoll.Settings.class, SwissRoll.class));
  }
}
