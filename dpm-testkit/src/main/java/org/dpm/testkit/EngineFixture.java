package org.dpm.testkit;

import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For tests that compute: an engine that neither downloads nor reports, and a manager for each. */
public abstract class EngineFixture {

  /** Of the test that runs; closed with all that is in it when the test ends. */
  protected NDManager manager;

  @BeforeEach
  final void openManager() {
    // The engine reads both once, when it starts.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  final void closeManager() {
    manager.close();
  }
}
