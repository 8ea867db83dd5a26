package org.dpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.cli.progress.TrainingProgress;
import org.dpm.cli.report.KeptEvaluation;
import org.dpm.core.DataDescription;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.Registry;
import org.dpm.core.Wiring;
import org.dpm.training.Evaluation;
import org.dpm.training.Evaluator;
import org.dpm.training.Examples;
import org.dpm.training.Metric;
import org.dpm.training.Trainer;

/**
 * What {@code run} and {@code train} share: from a pipeline to a trained model.
 *
 * @param model trained; the caller closes it
 * @param source where its examples came from
 * @param metrics the curve of its training
 */
record Training(Model model, DataSource source, List<Metric> metrics) implements AutoCloseable {

  static Training of(
      Registry registry, Pipeline pipeline, String name, Path directory, CommonOptions common) {
    DataSource source = Wiring.dataSource(registry, pipeline);
    Examples examples = new Examples(source);
    DataDescription description = examples.describe(pipeline.training().seed());
    Model model = Model.create(registry, pipeline, description);
    try {
      examples.check(model.parts().forward(), description);
      common
          .talk()
          .printf(
              "%s: %,d training and %,d held-out examples of shape %s, T = %d, %,d parameters, on %s%n",
              name,
              source.count(Split.TRAINING),
              source.count(Split.HELD_OUT),
              source.element(),
              pipeline.steps(),
              model.weights().count(),
              model.manager().getDevice());
      double unit = Summary.unit(source.element().size());
      try (TrainingProgress progress = common.progress();
          Trainer trainer =
              new Trainer(
                  model,
                  examples,
                  directory,
                  (done, update, bits) ->
                      progress.update(done, update, bits.orElse(Double.NaN) / unit),
                  common.interrupts()::isAsked)) {
        progress.start(name);
        common.interrupts().whileTraining(trainer::train);
        progress.done();
        if (common.interrupts().isAsked()) {
          throw interrupted(model, directory, common.interrupts().status());
        }
        return new Training(model, source, trainer.metrics());
      }
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Measures the model, tells what came of it and keeps it. */
  Evaluation evaluation(Path directory, CommonOptions common) throws IOException {
    Evaluation evaluation =
        common.timed("evaluation", told -> Evaluator.evaluate(model, source, directory, told));
    KeptEvaluation.write(directory, evaluation);
    new Summary(evaluation).print(common.talk());
    return evaluation;
  }

  private static TrainingInterrupted interrupted(Model model, Path directory, int status) {
    return new TrainingInterrupted(
        "interrupted after %,d updates: the model of update %,d is kept in %s and can be used; 'dpm report %s' measures it"
            .formatted(
                model.training().updates(), model.training().keptUpdate(), directory, directory),
        status);
  }

  @Override
  public void close() {
    model.close();
  }
}
