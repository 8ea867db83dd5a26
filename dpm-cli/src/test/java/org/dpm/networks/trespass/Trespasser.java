package org.dpm.networks.trespass;

import org.dpm.report.progress.TrainingProgress;

/** A part of the networks that reaches for the report: the rules must catch it. */
public final class Trespasser {

  private Trespasser() {}

  /** What it should not know of. */
  public static void finish(TrainingProgress progress) {
    progress.done();
  }
}
