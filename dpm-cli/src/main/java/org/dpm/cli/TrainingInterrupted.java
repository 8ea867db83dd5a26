package org.dpm.cli;

/** A training was told to stop, and has kept what it had; the rest of the command is left out. */
final class TrainingInterrupted extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * @param message for the user
   * @param status that the process is to end with
   */
  TrainingInterrupted(String message, int status) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
