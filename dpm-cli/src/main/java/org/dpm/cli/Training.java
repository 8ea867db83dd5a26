package org.dpm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.Registry;
import org.dpm.core.RunDirectory;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.Evaluator;
import org.dpm.evaluation.KeptEvaluation;
import org.dpm.report.progress.TrainingProgress;
import org.dpm.training.Run;
import org.dpm.training.TrainingListener;

/** What {@code run} and {@code train} share: a run, and what a person is told of it. */
final class Training {

  private final String name;
  private final Run run;
  private final RunDirectory directory;
  private final CommonOptions common;

  private Training(String name, Run run, RunDirectory directory, CommonOptions common) {
    this.name = name;
    this.run = run;
    this.directory = directory;
    this.common = common;
  }

  /** What is done with a run that has been trained and measured. */
  interface Work {
    void with(Run run, Evaluation evaluation) throws IOException;
  }

  /** Trains, measures, keeps, and does what else is to be done. */
  static void of(
      Registry registry,
      Pipeline pipeline,
      String name,
      Path directory,
      CommonOptions common,
      Work work)
      throws IOException {
    try (Run run = Run.of(registry, pipeline)) {
      Training training = new Training(name, run, new RunDirectory(directory), common);
      training.introduce();
      training.train();
      work.with(run, training.evaluation());
    }
  }

  private void introduce() {
    DataSource source = run.source();
    Model model = run.model();
    common
        .talk()
        .printf(
            "%s: %,d training and %,d held-out examples of shape %s, T = %d, %,d parameters, on %s%n",
            name,
            source.count(Split.TRAINING),
            source.count(Split.HELD_OUT),
            model.layout().shape(),
            model.pipeline().trajectory().steps(),
            model.parameters(),
            model.manager().getDevice());
  }

  private void train() {
    try (TrainingProgress progress = common.progress()) {
      progress.start(name);
      TrainingListener listener =
          listener(progress, Summary.unit(run.model().layout().dimensions()));
      common.interrupts().whileTraining(() -> run.train(directory.path(), listener));
      progress.done();
      if (common.interrupts().isAsked()) {
        throw interrupted();
      }
    }
  }

  private TrainingListener listener(TrainingProgress progress, double unit) {
    return new TrainingListener() {
      @Override
      public void updated(double done, long update, OptionalDouble boundBits) {
        progress.update(done, update, boundBits.orElse(Double.NaN) / unit);
      }

      @Override
      public boolean isStopAsked() {
        return common.interrupts().isAsked();
      }
    };
  }

  private TrainingInterrupted interrupted() {
    Model model = run.model();
    return new TrainingInterrupted(
        "interrupted after %,d updates: the model of update %,d is kept in %s and can be used; 'dpm report %s' measures it"
            .formatted(
                model.training().updates(),
                model.training().keptUpdate(),
                directory.path(),
                directory.path()),
        common.interrupts().status());
  }

  /** Measures the model, tells what came of it and keeps it. */
  private Evaluation evaluation() throws IOException {
    Evaluation evaluation =
        common.timed(
            "evaluation",
            told -> Evaluator.evaluate(run.model(), run.source(), directory.path(), told));
    KeptEvaluation.write(directory, evaluation);
    new Summary(evaluation).print(common.talk());
    return evaluation;
  }
}
