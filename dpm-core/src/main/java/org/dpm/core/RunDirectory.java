package org.dpm.core;

import java.nio.file.Path;

/**
 * The directory of a run, and where in it everything is: the model in three files, the curve of its
 * training, the figures that it was measured to have, and the page about it.
 */
public record RunDirectory(Path path) {

  /** How the model was made, as it was asked for and with what was left to defaults. */
  public Path pipeline() {
    return path.resolve("pipeline.yaml");
  }

  /** What it learned. */
  public Path tensors() {
    return path.resolve("model.safetensors");
  }

  /** What else belongs to the model: of its data, its training and the software. Written last. */
  public Path description() {
    return path.resolve("model.json");
  }

  /** How training went, a line for each look at it. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** How good the model was found to be. */
  public Path evaluation() {
    return path.resolve("evaluation.json");
  }

  /** All of it for people to read. */
  public Path report() {
    return path.resolve("report.html");
  }
}
