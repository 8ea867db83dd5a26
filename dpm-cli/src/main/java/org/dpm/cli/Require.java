package org.dpm.cli;

import org.dpm.api.InvalidInput;

/** Refuses options that make no sense. */
final class Require {

  private Require() {}

  static void that(boolean right, String requirement) {
    if (!right) {
      throw new InvalidInput(requirement + ".");
    }
  }
}
