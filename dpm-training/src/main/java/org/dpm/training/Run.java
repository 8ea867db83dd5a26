package org.dpm.training;

import java.nio.file.Path;
import java.util.List;
import org.dpm.api.DataSource;
import org.dpm.api.InvalidInput;
import org.dpm.core.DataDescription;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.Registry;
import org.dpm.core.RunDirectory;
import org.dpm.core.Wiring;

/**
 * The way from a pipeline to a trained model. What can be known to be wrong is known before
 * anything is learned.
 */
public final class Run implements AutoCloseable {

  private final DataSource source;
  private final Model model;
  private List<Metric> metrics = List.of();

  private Run(DataSource source, Model model) {
    this.source = source;
    this.model = model;
  }

  /**
   * Reads the data of a pipeline, connects its parts, and checks that they fit.
   *
   * @throws InvalidInput if they do not, or if the kernel cannot learn from the data
   */
  public static Run of(Registry registry, Pipeline pipeline) {
    DataSource source = Wiring.dataSource(registry, pipeline);
    Examples examples = new Examples(source);
    DataDescription description = examples.describe(pipeline.training().seed());
    Model model = Model.create(registry, pipeline, description);
    try {
      examples.check(description);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    return new Run(source, model);
  }

  /**
   * Trains until the first of the pipeline's limits, and writes the model and its curve.
   *
   * @param directory is made, and its files are written as they become known
   * @throws InvalidInput if the training diverges, or the data cannot be read any more
   */
  public RunDirectory train(Path directory, TrainingListener listener) {
    try (Trainer trainer = new Trainer(model, new Examples(source), directory, listener)) {
      trainer.train();
      metrics = trainer.metrics();
    }
    return new RunDirectory(directory);
  }

  /** Where the examples come from. */
  public DataSource source() {
    return source;
  }

  /** As created, or as trained; closed with this. */
  public Model model() {
    return model;
  }

  /** The curve of the training; empty before it. */
  public List<Metric> metrics() {
    return metrics;
  }

  @Override
  public void close() {
    model.close();
  }
}
