package org.dpm.report;

import java.util.List;
import java.util.Optional;
import org.dpm.evaluation.Evaluation;
import org.dpm.evaluation.diagnostics.StepProfile;
import org.dpm.evaluation.diagnostics.Verdict;
import org.dpm.evaluation.likelihood.TrajectoryFigures;
import org.dpm.training.Metric;

/**
 * All that a report tells of one run.
 *
 * @param name of the run
 * @param dimensions elements of an example
 * @param standardised whether bits are of z-scored examples
 * @param shape of an example, in words
 * @param evaluation on held-out examples, where there are any
 * @param likelihood L of some of them, where it was asked for
 * @param profile of the steps, where there are held-out examples
 * @param metrics the curve of the training
 * @param keptUpdate the update whose weights are the model
 * @param beta what each step destroys, t = 1..T
 * @param logSnr log signal-to-noise ratio, t = 1..T
 * @param beside figures of the data beside the samples
 * @param samples one figure of the samples
 * @param film what the script shows of the trajectory, as JSON
 * @param pipeline the settings, as YAML
 * @param provenance what the model remembers of its making
 * @param missing why there are no data, where there are none
 * @param drawn the samples in data units
 */
@SuppressWarnings("ArrayRecordComponent") // shown once, never compared
record Findings(
    String name,
    long dimensions,
    boolean standardised,
    String shape,
    Optional<Evaluation> evaluation,
    Optional<TrajectoryFigures> likelihood,
    Optional<StepProfile> profile,
    List<Metric> metrics,
    long keptUpdate,
    double[] beta,
    double[] logSnr,
    String beside,
    String samples,
    String film,
    String pipeline,
    List<Fact> provenance,
    Optional<String> missing,
    float[][] drawn) {

  /** A name and what stands against it. */
  record Fact(String name, String value) {}

  Unit unit() {
    return Unit.of(dimensions);
  }

  /** T. */
  int steps() {
    return beta.length;
  }

  /** What the model remembers under this name. */
  String provenance(String name) {
    return provenance.stream()
        .filter(fact -> fact.name().equals(name))
        .map(Fact::value)
        .findFirst()
        .orElse("");
  }

  List<Verdict> verdicts() {
    return profile.map(Verdict::of).orElse(List.of());
  }
}
