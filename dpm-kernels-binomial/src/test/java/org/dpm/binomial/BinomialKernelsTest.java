package org.dpm.binomial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.dpm.api.Bernoulli;
import org.dpm.api.DataSummary;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.Answer;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.DpmPlugin;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Grid;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Schedule;
import org.dpm.api.Space;
import org.dpm.api.Stage;
import org.dpm.api.VariationalBound;
import org.dpm.binomial.BinomialForwardKernel.RateFrom;
import org.dpm.binomial.BinomialReverseKernel.Prediction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** T = 2000 steps of the paper's schedule, against Bayes' rule in 64 bits. */
@DisplayName("The binomial kernels")
class BinomialKernelsTest {

  private static final int STEPS = 2000;
  private static final double RATE = 0.2;
  private static final Schedule SCHEDULE = time -> time.neg().add(1f).log().sub(time.log());

  /** All values of (x_0, x_t), in this order. */
  private static final int[] DATA = {0, 0, 1, 1};

  private static final int[] CURRENT = {0, 1, 0, 1};

  private static NDManager manager;

  private final BinomialForwardKernel forward = forward(Optional.of(RATE), RateFrom.FIXED, 0.5);

  @BeforeAll
  static void start() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    manager = NDManager.newBaseManager();
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  private static BinomialForwardKernel forward(
      Optional<Double> rate, RateFrom rateFrom, double... mean) {
    List<Double> means = IntStream.range(0, mean.length).mapToObj(i -> mean[i]).toList();
    DataSummary summary = new DataSummary(new Shape(mean.length), means, means);
    return new BinomialForwardKernel(new BinomialForwardKernel.Settings(rate, rateFrom), summary);
  }

  private BinomialReverseKernel reverse(Prediction prediction) {
    return new BinomialReverseKernel(new BinomialReverseKernel.Settings(prediction), forward);
  }

  private Diffusion diffusion(Prediction prediction, Answer network) {
    return new Diffusion(
        new Shape(1),
        Grid.even(STEPS),
        LastStep.LEARNED,
        SCHEDULE,
        forward,
        reverse(prediction),
        network);
  }

  private Diffusion diffusion() {
    return diffusion(Prediction.DATA, (x, time, condition) -> x.zerosLike().expandDims(1));
  }

  private static NDArray column(int... bits) {
    return manager.create(bits).toType(DataType.FLOAT32, false).reshape(-1, 1);
  }

  private static double noise(int step) {
    return (double) step / STEPS;
  }

  private static double beta(int step) {
    return 1.0 / (STEPS - step + 1);
  }

  private static float logOdds(Distribution bits, int index) {
    return ((Bernoulli) bits).logOdds().getFloat(index, 0);
  }

  /**
   * Log SNRs of neighbouring steps, near 0, are 1e-3 apart and rounded to 6e-8 each, and so are the
   * times near 1: the stage knows beta and abar to a relative 1e-4, and log odds likewise.
   */
  private static void assertLogOdds(float actual, double expected, String what) {
    assertThat((double) actual).as(what).isCloseTo(expected, within(2e-4));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 50, 1000, 1999, 2000})
  @DisplayName("replace bits at the rates of the paper's table")
  void rates(int step) {
    Stage stage = diffusion().stage(column(DATA), step);
    Distribution marginal = forward.marginal(column(DATA), stage);
    Distribution transition = forward.transition(column(DATA), stage);
    Distribution end = forward.end(column(DATA), stage);
    for (int i = 0; i < 4; i++) {
      double far = ExactBits.replaced(DATA[i], noise(step), RATE);
      double near = ExactBits.replaced(DATA[i], beta(step), RATE);
      assertLogOdds(logOdds(marginal, i), ExactBits.logOdds(far), "marginal");
      assertLogOdds(logOdds(transition, i), ExactBits.logOdds(near), "transition");
      assertLogOdds(logOdds(end, i), ExactBits.logOdds(RATE), "end");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 50, 1000, 1999, 2000})
  @DisplayName("obey Bayes, for each value of x_0 and on average over them")
  void bayes(int step) {
    Stage stage = diffusion().stage(column(DATA), step);
    for (double share : new double[] {0, 0.01, 0.5, 0.9, 1}) {
      // What x_0 is known as: the bit itself, or a probability that leans towards it.
      double[] known = IntStream.of(DATA).mapToDouble(x -> x == 1 ? share : 1 - share).toArray();
      NDArray data = manager.create(known, new Shape(4, 1));
      NDArray single = data.toType(DataType.FLOAT32, false);
      Distribution posterior = forward.posterior(single, column(CURRENT), stage);
      for (int i = 0; i < 4; i++) {
        double expected =
            ExactBits.posterior(known[i], CURRENT[i], noise(step - 1), beta(step), RATE);
        assertLogOdds(
            logOdds(posterior, i), expected, "x_0 %s, x_t %d".formatted(known[i], CURRENT[i]));
      }
    }
  }

  @Test
  @DisplayName("know x_0 itself at the first step, be it a bit or a probability")
  void firstStep() {
    Stage stage = diffusion().stage(column(DATA), 1);
    Distribution known = forward.posterior(column(DATA), column(CURRENT), stage);
    assertThat(known.mean().toFloatArray()).containsExactly(0, 0, 1, 1);
    NDArray guess = manager.create(new float[] {0.25f, 0.5f, 0.75f, 0.1f}, new Shape(4, 1));
    Distribution guessed = forward.posterior(guess, column(CURRENT), stage);
    for (int i = 0; i < 4; i++) {
      assertThat(guessed.mean().getFloat(i, 0)).isCloseTo(guess.getFloat(i, 0), within(1e-6f));
    }
  }

  @Test
  @DisplayName("reach the marginal step by step")
  void compose() {
    Diffusion diffusion = diffusion();
    NDArray probability = column(DATA);
    for (int t = 1; t <= 200; t++) {
      Stage stage = diffusion.stage(probability, t);
      probability = forward.transition(probability, stage).mean();
      float[] direct = forward.marginal(column(DATA), stage).mean().toFloatArray();
      // Some hundred roundings of 6e-8, of random sign.
      assertThat(probability.toFloatArray())
          .as("step %d", t)
          .containsExactly(direct, within(5e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1000, 2000})
  @DisplayName("leave the null law as it is, which is the end's")
  void stationary(int step) {
    NDArray nothing = diffusion().nullLaw(column(DATA)).mean();
    Stage stage = diffusion().stage(nothing, step);
    float[] after = forward.transition(nothing, stage).mean().toFloatArray();
    assertThat(forward.end(nothing, stage).mean()).isEqualTo(nothing);
    for (float probability : after) {
      assertThat((double) probability).isCloseTo(RATE, within(1e-7));
    }
  }

  /** Every step with every value of (x_0, x_t), in one batch. */
  private static final class Everything {

    private final int[] step = IntStream.range(0, 4 * STEPS).map(i -> i / 4 + 1).toArray();
    private final NDArray data = column(each(DATA));
    private final NDArray current = column(each(CURRENT));

    private static int[] each(int... four) {
      return IntStream.range(0, 4 * STEPS).map(i -> four[i % 4]).toArray();
    }

    /** q(x_t | x_0). */
    double chance(int i) {
      double one = ExactBits.replaced(DATA[i % 4], noise(step[i]), RATE);
      return CURRENT[i % 4] == 1 ? one : 1 - one;
    }

    /** Log odds of q(x_{t-1} | x_t, x_0), t at least 2. */
    double back(int i) {
      int t = step[i];
      return ExactBits.posterior(DATA[i % 4], CURRENT[i % 4], noise(t - 1), beta(t), RATE);
    }

    /** Log odds of the forward kernel's own way back. */
    double reversal(int i) {
      return ExactBits.logOdds(ExactBits.replaced(CURRENT[i % 4], beta(step[i]), RATE));
    }
  }

  @Test
  @DisplayName("have every step's divergence to 0.1%, and their sum over T to 1e-5 bits")
  void divergences() {
    float shift = 0.3f;
    Everything all = new Everything();
    Diffusion diffusion =
        diffusion(Prediction.FLIP, (x, time, condition) -> x.onesLike().mul(shift).expandDims(1));
    Stage stage = diffusion.stage(all.data, all.step);
    float[] divergence =
        forward
            .posterior(all.data, all.current, stage)
            .divergence(diffusion.back(all.current, stage))
            .toFloatArray();
    double computed = 0;
    double expected = 0;
    for (int i = 4; i < all.step.length; i++) {
      double exact = ExactBits.divergence(all.back(i), all.reversal(i) + shift);
      assertThat((double) divergence[i])
          .as("step %d, x_0 %d, x_t %d", all.step[i], DATA[i % 4], CURRENT[i % 4])
          .isCloseTo(exact, within(1e-3 * exact + 1e-10));
      computed += all.chance(i) * divergence[i];
      expected += all.chance(i) * exact;
    }
    // Errors of the single steps have either sign.
    assertThat(computed / Math.log(2)).isCloseTo(expected / Math.log(2), within(1e-5));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("are the null law, and K is L_null, while the network says nothing")
  void untrained(Prediction prediction) {
    Everything all = new Everything();
    Diffusion diffusion =
        diffusion(prediction, (x, time, condition) -> x.zerosLike().expandDims(1));
    Stage stage = diffusion.stage(all.data, all.step);
    Distribution step = diffusion.back(all.current, stage);
    float[] divergence =
        forward.posterior(all.data, all.current, stage).divergence(step).toFloatArray();
    float[] last = step.logProbability(all.data).toFloatArray();
    double cost = 0;
    for (int i = 0; i < all.step.length; i++) {
      cost += all.chance(i) * (all.step[i] == 1 ? -last[i] : divergence[i]);
    }
    // x_0 of 0 and of 1 were both counted.
    double expected = -Math.log(RATE) - Math.log(1 - RATE);
    assertThat(cost).isCloseTo(expected, within(1e-4));
  }

  @Test
  @DisplayName("take a prediction of the data for what it says")
  void prediction() {
    for (int t : new int[] {1, 2, 700, 2000}) {
      Stage stage = diffusion().stage(column(DATA), t);
      float answer = 1.5f;
      NDArray output = manager.ones(new Shape(4, 1, 1)).mul(answer);
      Distribution step = reverse(Prediction.DATA).transition(column(CURRENT), output, stage);
      for (int i = 0; i < 4; i++) {
        double one = ExactBits.replaced(1, noise(t), RATE);
        double zero = ExactBits.replaced(0, noise(t), RATE);
        double seen =
            CURRENT[i] == 1
                ? Math.log(one) - Math.log(zero)
                : Math.log(1 - one) - Math.log(1 - zero);
        double known = answer + seen + ExactBits.logOdds(RATE);
        double data = 1 / (1 + Math.exp(-known));
        double expected =
            t == 1 ? known : ExactBits.posterior(data, CURRENT[i], noise(t - 1), beta(t), RATE);
        assertLogOdds(logOdds(step, i), expected, "step %d, x_t %d".formatted(t, CURRENT[i]));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  @DisplayName("give finite gradients at every step, whatever the network says")
  void gradients(Prediction prediction) {
    for (int t : new int[] {1, 2, 1000, 2000}) {
      NDArray output = manager.create(new float[] {-200, 0, 3, 200}, new Shape(4, 1, 1));
      output.setRequiresGradient(true);
      Diffusion diffusion = diffusion(prediction, (x, time, condition) -> output);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        Stage stage = diffusion.stage(column(DATA), t);
        Distribution step = diffusion.back(column(CURRENT), stage);
        NDArray loss =
            t == 1
                ? step.logProbability(column(DATA)).neg()
                : forward.posterior(column(DATA), column(CURRENT), stage).divergence(step);
        collector.backward(loss.sum());
      }
      for (float gradient : output.getGradient().toFloatArray()) {
        assertThat(gradient).as("step %d", t).isFinite();
      }
    }
  }

  @Test
  @DisplayName("end at each bit's own rate when it comes from the data")
  void rateFromData() {
    BinomialForwardKernel kernel = forward(Optional.empty(), RateFrom.DATA_MEAN, 0.1, 0.5, 0.75);
    NDArray like = manager.zeros(new Shape(2, 3));
    assertThat(kernel.end(like, Stage.ofData(like)).mean().toFloatArray())
        .containsExactly(new float[] {0.1f, 0.5f, 0.75f, 0.1f, 0.5f, 0.75f}, within(1e-6f));
    Stage stage = diffusion().stage(like, STEPS);
    assertThat(kernel.marginal(like, stage).mean().toFloatArray())
        .containsExactly(new float[] {0.1f, 0.5f, 0.75f, 0.1f, 0.5f, 0.75f}, within(1e-6f));
  }

  @Test
  @DisplayName("end at one half unless told otherwise")
  void defaultRate() {
    BinomialForwardKernel kernel = forward(Optional.empty(), RateFrom.FIXED, 0.1);
    assertThat(kernel.end(column(DATA), Stage.ofData(column(DATA))).mean().toFloatArray())
        .containsOnly(0.5f);
  }

  @Test
  @DisplayName("take bits, one number each, and nothing else")
  void spaces() {
    assertThat(forward.width(new Space.Bit())).hasValue(1);
    assertThat(forward.width(new Space.Real(0))).isEmpty();
    assertThat(forward.width(new Space.Circle(24))).isEmpty();
    assertThat(forward.width(new Space.Category(List.of("no", "yes")))).isEmpty();
  }

  @Test
  @DisplayName("have no draws that carry gradients, which the host tells learned schedules")
  void draws() {
    assertThat(forward.reparameterised()).isFalse();
  }

  @Test
  @DisplayName("refuse a rate that would leave nothing to diffuse to, and name the constant bit")
  void refusedRates() {
    for (double rate : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> forward(Optional.of(rate), RateFrom.FIXED, 0.5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("rate must be greater than 0 and less than 1, but is " + rate);
    }
    assertThatThrownBy(() -> forward(Optional.of(0.3), RateFrom.DATA_MEAN, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rate must not be given with rateFrom: data-mean, but is 0.3");
    assertThatThrownBy(() -> forward(Optional.empty(), RateFrom.DATA_MEAN, 0.5, 1, 0.5, 0))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("element 2 has the mean 1.0")
        .hasMessageContaining("element 4 has the mean 0.0");
  }

  /** A forward kernel of another family. */
  private static class Continuous implements ForwardKernel {

    @Override
    public OptionalInt width(Space space) {
      return space instanceof Space.Real ? OptionalInt.of(1) : OptionalInt.empty();
    }

    @Override
    public boolean reparameterised() {
      return true;
    }

    @Override
    public Distribution end(NDArray like, Stage stage) {
      return DiagonalGaussian.ofLogVariance(like, like);
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      return end(current, stage);
    }

    @Override
    public Distribution transition(NDArray previous, Stage stage) {
      return end(previous, stage);
    }

    @Override
    public Distribution marginal(NDArray data, Stage stage) {
      return end(data, stage);
    }

    @Override
    public Distribution posterior(NDArray data, NDArray current, Stage stage) {
      return end(data, stage);
    }

    @Override
    public Distribution posterior(Distribution belief, NDArray current, Stage stage) {
      return belief;
    }
  }

  @Test
  @DisplayName("refuse to reverse what takes no bits, and beliefs about anything else")
  void otherFamilies() {
    BinomialReverseKernel.Settings settings = new BinomialReverseKernel.Settings(Prediction.FLIP);
    assertThatThrownBy(() -> new BinomialReverseKernel(settings, new Continuous()))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("the kernel, a Continuous, does not take. Set kernel.kind: binomial");
    Stage stage = diffusion().stage(column(DATA), 2);
    Distribution gaussian = DiagonalGaussian.ofLogVariance(column(DATA), column(DATA));
    assertThatThrownBy(() -> forward.posterior(gaussian, column(CURRENT), stage))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a belief about bits must be of bits, but is DiagonalGaussian");
  }

  /** Another's bits, which do not diffuse at all: x_t is x_0 with probability 3/4. */
  private static final class Other extends Continuous {

    @Override
    public OptionalInt width(Space space) {
      return space instanceof Space.Bit ? OptionalInt.of(1) : OptionalInt.empty();
    }

    @Override
    public Distribution alone(NDArray current, Stage stage) {
      return Bernoulli.of(current.mul(0.5f).add(0.25f));
    }
  }

  @Test
  @DisplayName("reverse another kernel of bits by what it says itself")
  void othersBits() {
    BinomialReverseKernel reverse =
        new BinomialReverseKernel(new BinomialReverseKernel.Settings(Prediction.DATA), new Other());
    Stage stage = diffusion().stage(column(DATA), 2);
    NDArray output = manager.full(new Shape(4, 1, 1), 0.5f);
    Distribution belief = reverse.data(column(CURRENT), output, stage);
    Distribution step = reverse.transition(column(CURRENT), output, stage);
    for (int i = 0; i < 4; i++) {
      double expected = 0.5 + (CURRENT[i] == 1 ? Math.log(3) : -Math.log(3));
      assertLogOdds(logOdds(belief, i), expected, "belief");
      assertLogOdds(logOdds(step, i), expected, "step");
    }
  }

  @Test
  @DisplayName("have a belief about the data, of which a flip says nothing")
  void beliefs() {
    NDArray output = manager.full(new Shape(4, 1, 1), 0.5f);
    Stage stage = diffusion().stage(column(DATA), new double[] {0.6}, new double[] {0.2});
    Stage nearer = diffusion().stage(column(DATA), new double[] {0.6}, new double[] {0.5});
    BinomialReverseKernel data = reverse(Prediction.DATA);
    assertThat(data.denoises()).isTrue();
    float[] belief = data.data(column(CURRENT), output, stage).mean().toFloatArray();
    assertThat(data.data(column(CURRENT), output, nearer).mean().toFloatArray()).isEqualTo(belief);
    for (int i = 0; i < 4; i++) {
      double one = RATE * seen(CURRENT[i], 1) * Math.exp(0.5);
      double zero = (1 - RATE) * seen(CURRENT[i], 0);
      assertThat((double) belief[i]).isCloseTo(one / (one + zero), within(1e-5));
    }
    BinomialReverseKernel flip = reverse(Prediction.FLIP);
    assertThat(flip.denoises()).isFalse();
    assertThatThrownBy(() -> flip.data(column(CURRENT), output, stage))
        .isInstanceOf(IllegalStateException.class);
  }

  /** q(x_t | x_0) at t = 0.6. */
  private static double seen(int current, int data) {
    double one = ExactBits.replaced(data, 0.6, RATE);
    return current == 1 ? one : 1 - one;
  }

  @Test
  @DisplayName("come in one plugin that the service loader finds")
  void plugin() {
    assertThat(ServiceLoader.load(DpmPlugin.class))
        .anyMatch(plugin -> plugin.id().equals("binomial") && plugin.extensions().size() == 3);
  }

  @Test
  @DisplayName("give the bound of one batch at steps of its own as at each step alone")
  void mixedSteps() {
    NDArray data = column(DATA);
    Diffusion diffusion = diffusion();
    float[] together =
        forward
            .posterior(data, column(CURRENT), diffusion.stage(data, 2, 700, 1500, 2000))
            .mean()
            .toFloatArray();
    int[] steps = {2, 700, 1500, 2000};
    for (int i = 0; i < 4; i++) {
      Stage stage = diffusion.stage(data, steps[i]);
      float alone = forward.posterior(data, column(CURRENT), stage).mean().getFloat(i, 0);
      assertThat(together[i]).isEqualTo(alone);
    }
    NDArray cost = new VariationalBound(diffusion).estimate(data, Noise.of(1, "bound"));
    assertThat(cost.getShape()).isEqualTo(new Shape(4));
    assertThat(cost.sum().getFloat()).isFinite();
  }
}
