package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDManager;
import org.dpm.engine.Devices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A manager for each test, from an engine that neither downloads nor reports anything. */
abstract class EngineFixture {

  NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }
}
