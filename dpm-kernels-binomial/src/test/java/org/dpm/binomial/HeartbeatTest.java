package org.dpm.binomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.dpm.api.DataSummary;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.Answer;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.dpm.binomial.BinomialForwardKernel.RateFrom;
import org.dpm.binomial.BinomialReverseKernel.Prediction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The paper's heartbeat: 20 bits with a 1 in every fifth place, in any of five phases. What x_t
 * says of the phase is known, so the best network there can be is written down, not trained.
 */
@DisplayName("On the heartbeat, with the best network there can be, the binomial kernels")
class HeartbeatTest {

  private static final int LENGTH = 20;
  private static final int PERIOD = 5;
  private static final double RATE = 0.2;

  /** abar_t = 1 - t / T, the paper's beta_t = 1 / (T - t + 1). */
  private static final Schedule SCHEDULE = time -> time.neg().add(1f).log().sub(time.log());

  private static NDManager manager;
  private static boolean gradients;

  private final BinomialForwardKernel forward =
      new BinomialForwardKernel(
          new BinomialForwardKernel.Settings(Optional.of(RATE), RateFrom.FIXED),
          new DataSummary(
              new Shape(LENGTH),
              Collections.nCopies(LENGTH, 0.2),
              Collections.nCopies(LENGTH, 0.4)));

  @BeforeAll
  static void start() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    manager = NDManager.newBaseManager();
    gradients = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
  }

  @AfterAll
  static void stop() {
    JniUtils.setGradMode(gradients);
    manager.close();
  }

  private Diffusion diffusion(int steps, LastStep last, Answer network) {
    BinomialReverseKernel reverse =
        new BinomialReverseKernel(new BinomialReverseKernel.Settings(Prediction.DATA), forward);
    return new Diffusion(
        new Shape(LENGTH), Grid.even(steps), last, SCHEDULE, forward, reverse, network);
  }

  /** One row for each phase. */
  private static NDArray phases() {
    float[] bits = new float[PERIOD * LENGTH];
    for (int phase = 0; phase < PERIOD; phase++) {
      for (int i = phase; i < LENGTH; i += PERIOD) {
        bits[phase * LENGTH + i] = 1;
      }
    }
    return manager.create(bits, new Shape(PERIOD, LENGTH));
  }

  private static NDArray examples(int count) {
    NDArray phase = manager.create(IntStream.range(0, count).map(i -> i % PERIOD).toArray());
    return phases().get(phase);
  }

  /**
   * p(x_0 | x_t) is a softmax over the phases of the sum of what their bits say. The kernel adds
   * what each bit says of itself, which is therefore taken off.
   */
  private Answer bayes() {
    NDArray phases = phases();
    return (x, time, condition) -> {
      NDArray logSnr = SCHEDULE.logSnr(time.reshape(-1, 1));
      double[] times = times(time);
      Stage stage = Stage.of(times, times, logSnr, logSnr);
      NDArray said =
          forward
              .marginal(x.onesLike(), stage)
              .logProbability(x)
              .sub(forward.marginal(x.zerosLike(), stage).logProbability(x));
      NDArray weights = said.matMul(phases.transpose()).softmax(1);
      NDArray one = weights.matMul(phases);
      NDArray zero = weights.matMul(phases.neg().add(1f));
      float prior = (float) Math.log(RATE / (1 - RATE));
      return one.log().sub(zero.log()).sub(said).sub(prior).expandDims(1);
    };
  }

  private static double[] times(NDArray time) {
    float[] values = time.toFloatArray();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static double mean(double... values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  private static double standardError(double... values) {
    double mean = mean(values);
    double squares =
        IntStream.range(0, values.length)
            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
            .sum();
    return Math.sqrt(squares / (values.length - 1.0) / values.length);
  }

  @ParameterizedTest(name = "with {0} steps: K = {1} bits")
  @CsvSource({"200, -2.681, 10, 100", "2000, -2.369, 1, 150"})
  @DisplayName("give the bound that is known")
  void bound(int steps, double expected, int examplesPerStep, int batches) {
    VariationalBound bound = new VariationalBound(diffusion(steps, LastStep.FORWARD, bayes()));
    int[] eachStep =
        IntStream.range(0, (steps - 1) * examplesPerStep)
            .map(i -> 2 + i / examplesPerStep)
            .toArray();
    double[] bits = new double[batches];
    for (int i = 0; i < batches; i++) {
      // Steps 2 to T, each equally often: the mean of a batch is K with every step in it.
      try (NDScope scope = new NDScope()) {
        NDArray data = examples((steps - 1) * examplesPerStep);
        NDArray cost = bound.estimate(data, eachStep, Noise.of(1, "heartbeat").at(i));
        bits[i] = -cost.mean().getFloat() / Math.log(2);
      }
    }
    double error = standardError(bits);
    assertThat(error).isLessThan(0.018);
    assertThat(mean(bits)).isCloseTo(expected, within(3.5 * error + 0.0005));
  }

  @Test
  @DisplayName("leave nothing at the end: the first term of the bound is exactly 0")
  void nothingIsLeft() {
    Diffusion diffusion = diffusion(2000, LastStep.FORWARD, bayes());
    float[] prior = new VariationalBound(diffusion).prior(examples(5)).toFloatArray();
    assertThat(prior).containsOnly(0);
  }

  @Test
  @DisplayName("draw heartbeats, every phase as often as the others")
  void samples() {
    int count = 2000;
    Diffusion diffusion = diffusion(200, LastStep.LEARNED, bayes());
    float[] drawn = drawn(diffusion, count).toFloatArray();
    int[] seen = new int[PERIOD];
    for (int i = 0; i < count; i++) {
      int phase = phaseOf(drawn, i * LENGTH);
      if (phase >= 0) {
        seen[phase]++;
      }
    }
    int valid = IntStream.of(seen).sum();
    // Steps of independent bits disagree about the phase once in some hundred trajectories.
    assertThat(valid).isGreaterThan((int) (0.98 * count));
    double expected = valid / (double) PERIOD;
    double chiSquared =
        IntStream.of(seen).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    // The 99.9% point for 4 degrees of freedom.
    assertThat(chiSquared).isLessThan(18.47);
  }

  private static NDArray drawn(Diffusion diffusion, int count) {
    Noise noise = Noise.of(2, "samples");
    NDArray like = manager.zeros(new Shape(count, LENGTH));
    NDArray x = diffusion.end(like).sample(noise);
    for (int t = diffusion.steps(); t >= 1; t--) {
      x = diffusion.back(x, diffusion.stage(x, t)).sample(noise.at(t));
    }
    return x;
  }

  private static int phaseOf(float[] bits, int from) {
    List<Integer> fitting =
        IntStream.range(0, PERIOD)
            .filter(
                phase ->
                    IntStream.range(0, LENGTH)
                        .allMatch(i -> bits[from + i] == (i % PERIOD == phase ? 1 : 0)))
            .boxed()
            .toList();
    return fitting.isEmpty() ? -1 : fitting.get(0);
  }
}
