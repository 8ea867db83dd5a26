package org.dpm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.stream.IntStream;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.engine.Devices;
import org.dpm.evaluation.likelihood.TrajectoryEstimate;
import org.dpm.evaluation.likelihood.TrajectoryLikelihood;
import org.dpm.testkit.EnumerationOracle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Of two categories with known probabilities")
class CategoriesTest {

  private static final int STEPS = 6;
  private static final int CELLS = 12;

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Every entry of the table. */
  private NDArray entries(KnownTable table) {
    return table.examples(manager.create(new double[] {0}), IntStream.range(0, CELLS).toArray());
  }

  private static double probability(int entry) {
    return KnownTable.probability(entry / 4, entry % 4);
  }

  private static double[] ofEntries(EnumerationOracle oracle, NDArray entries, double[] ofStates) {
    return IntStream.of(oracle.indices(entries)).mapToDouble(i -> ofStates[i]).toArray();
  }

  private EnumerationOracle oracle(Diffusion diffusion) {
    return EnumerationOracle.of(diffusion, manager, DataType.FLOAT64, KnownTable.SPACES);
  }

  @ParameterizedTest(name = "{0}, last step {1}")
  @CsvSource({"uniform, LEARNED", "uniform, FORWARD", "absorbing, LEARNED", "absorbing, FORWARD"})
  @DisplayName("K is what going through all states gives, of the table and of a worse model")
  void bound(String transition, LastStep lastStep) {
    KnownTable table = new KnownTable(transition, 1);
    // The data have exactly the table's frequencies.
    int[] draws =
        IntStream.range(0, CELLS)
            .flatMap(i -> IntStream.generate(() -> i).limit(Math.round(4000 * probability(i))))
            .toArray();
    NDArray data = table.examples(manager.create(new double[] {0}), draws);
    double exact = exactBound(table, lastStep);
    double entropy =
        IntStream.range(0, CELLS)
            .mapToDouble(i -> -probability(i) * Math.log(probability(i)))
            .sum();
    MeasuredBound measured = measure(table, lastStep, data);
    double error = measured.estimateError();
    assertThat(measured.bits()).isCloseTo(exact / Math.log(2), within(4 * error));
    assertThat(exact).as("K, in nats").isLessThan(-entropy);
    KnownTable ignorant = new KnownTable(transition, 0);
    MeasuredBound worse = measure(ignorant, lastStep, data);
    assertThat(worse.bits())
        .isCloseTo(exactBound(ignorant, lastStep) / Math.log(2), within(4 * worse.estimateError()))
        .isLessThan(exact / Math.log(2) - 8 * error);
  }

  private MeasuredBound measure(KnownTable table, LastStep lastStep, NDArray data) {
    return BoundEstimate.measure(
        table.diffusion(STEPS, lastStep),
        Distribution::perExample,
        data,
        STEPS,
        Noise.of(1, "K"),
        Progress.NONE);
  }

  private double exactBound(KnownTable table, LastStep lastStep) {
    EnumerationOracle oracle = oracle(table.diffusion(STEPS, lastStep));
    double[] bounds = ofEntries(oracle, entries(table), oracle.bound());
    return IntStream.range(0, CELLS).mapToDouble(i -> probability(i) * bounds[i]).sum();
  }

  @ParameterizedTest(name = "{0}, last step {1}")
  @CsvSource({"uniform, LEARNED", "uniform, FORWARD", "absorbing, LEARNED", "absorbing, FORWARD"})
  @DisplayName("the log likelihood from trajectories is the exact log p of each entry")
  void likelihood(String transition, LastStep lastStep) {
    KnownTable table = new KnownTable(transition, 1);
    Diffusion diffusion = table.diffusion(STEPS, lastStep);
    EnumerationOracle oracle = oracle(diffusion);
    NDArray entries = entries(table);
    double[] truth = ofEntries(oracle, entries, oracle.logLikelihood());
    double[] bounds = ofEntries(oracle, entries, oracle.bound());
    double sum = 0;
    List<TrajectoryEstimate> estimates =
        new TrajectoryLikelihood(diffusion, 2000).of(entries, Noise.of(2, "L"), Progress.NONE);
    for (int i = 0; i < CELLS; i++) {
      TrajectoryEstimate estimate = estimates.get(i);
      assertThat(estimate.logLikelihood())
          .as("log p of entry %d", i)
          .isCloseTo(truth[i], within(4 * estimate.standardError()));
      assertThat(estimate.standardError()).isLessThan(0.05);
      assertThat(truth[i]).as("log p of entry %d, beside K", i).isGreaterThan(bounds[i]);
      sum += Math.exp(truth[i]);
    }
    assertThat(sum)
        .as("probability of all entries: none is left for masks")
        .isCloseTo(1, within(1e-9));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"uniform", "absorbing"})
  @DisplayName("the exact log p of a fine trajectory is that of the table")
  void fineTrajectory(String transition) {
    KnownTable table = new KnownTable(transition, 1);
    EnumerationOracle oracle = oracle(table.diffusion(200, LastStep.LEARNED));
    double[] log = ofEntries(oracle, entries(table), oracle.logLikelihood());
    for (int i = 0; i < CELLS; i++) {
      // Cells are drawn independently within a step, and 5 per cent of signal are left at its end.
      assertThat(Math.exp(log[i])).as("p of entry %d", i).isCloseTo(probability(i), within(0.01));
    }
  }
}
