package org.dpm.evaluation.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import org.assertj.core.api.SoftAssertions;
import org.dpm.api.Diffusion;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Stage;
import org.dpm.engine.Devices;
import org.dpm.evaluation.Bits;
import org.dpm.testkit.KnownModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Against models whose every entropy is known: four standard errors are the tolerance. */
@DisplayName("The profile of the steps")
class StepProfileTest {

  private static final int STEPS = 8;
  private static final int EXAMPLES = 3000;

  /** The moments that the test kit's known models are exact for. */
  private static final double[] MEAN = {0.5, -0.3};

  private static final double[] VARIANCE = {0.3, 0.8};
  private static final double[] RATES = {0.2, 0.5, 0.7};

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(null, Devices.engine().getEngineName());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private NDArray gaussianData() {
    Random random = new Random(5);
    double[] x = new double[EXAMPLES * MEAN.length];
    for (int i = 0; i < x.length; i++) {
      int j = i % MEAN.length;
      x[i] = MEAN[j] + Math.sqrt(VARIANCE[j]) * random.nextGaussian();
    }
    return manager.create(x, new Shape(EXAMPLES, MEAN.length));
  }

  private NDArray bitData() {
    Random random = new Random(6);
    double[] x = new double[EXAMPLES * RATES.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextDouble() < RATES[i % RATES.length] ? 1 : 0;
    }
    return manager.create(x, new Shape(EXAMPLES, RATES.length));
  }

  /** A network that answers the same to everything: zero makes the reverse steps exact. */
  private static Diffusion.Answer constant(double... answers) {
    return (x, time, condition) -> {
      long batch = x.getShape().get(0);
      long size = x.getShape().get(1);
      NDArray one = x.getManager().create(answers, new Shape(1, answers.length, 1));
      return one.broadcast(new Shape(batch, answers.length, size));
    };
  }

  private StepProfile gaussian(double mean, double logVariance) {
    Diffusion diffusion =
        KnownModel.gaussian().diffusion(Grid.even(STEPS), constant(mean, logVariance));
    return StepProfile.of(diffusion, gaussianData(), 1, Noise.of(1, "test"), Progress.NONE);
  }

  private StepProfile bits(double logOdds) {
    Diffusion diffusion = KnownModel.bits().diffusion(Grid.even(STEPS), constant(logOdds));
    return StepProfile.of(diffusion, bitData(), 1, Noise.of(2, "test"), Progress.NONE);
  }

  /** abar_t, abar_{t-1} and beta_t of the known models. */
  private record Rates(double signal, double previous, double beta) {}

  private Rates rates(int t) {
    Diffusion diffusion = KnownModel.gaussian().diffusion(Grid.even(STEPS), constant(0, 0));
    Stage stage = diffusion.stage(manager.create(new double[] {0, 0}, new Shape(1, 2)), t);
    return new Rates(
        stage.signal().toDoubleArray()[0],
        stage.previousSignal().toDoubleArray()[0],
        stage.beta().toDoubleArray()[0]);
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  private static double gaussianEntropy(double variance) {
    return 0.5 * log2(2 * Math.PI * Math.E * variance);
  }

  private static double bitEntropy(double p) {
    return -p * log2(p) - (1 - p) * log2(1 - p);
  }

  /** H_q(X_{t-1}|X_t) of the normal data, in bits. */
  private double gaussianReverse(int t) {
    Rates r = rates(t);
    return DoubleStream.of(VARIANCE)
        .map(
            v -> {
              double earlier = r.previous() * v + 1 - r.previous();
              double later = r.signal() * v + 1 - r.signal();
              return gaussianEntropy(earlier * r.beta() / later);
            })
        .sum();
  }

  /** H(X_t|X_{t-1}) + H(X_{t-1}) - H(X_t) of the bits: each is kept, or drawn anew as one half. */
  private double bitReverse(int t) {
    Rates r = rates(t);
    return DoubleStream.of(RATES)
        .map(
            rate ->
                bitEntropy(r.beta() / 2)
                    + bitEntropy(r.previous() * rate + (1 - r.previous()) / 2)
                    - bitEntropy(r.signal() * rate + (1 - r.signal()) / 2))
        .sum();
  }

  private static void isNear(SoftAssertions softly, Bits found, double truth, String what) {
    softly
        .assertThat(found.mean())
        .as(what)
        .isCloseTo(truth, within(4 * found.standardError() + 1e-9));
  }

  /** The truth lies between the bounds, and the exact model has both its entropy and its cost. */
  private static SoftAssertions agreement(StepProfile profile, IntToDoubleFunction reverse) {
    SoftAssertions softly = new SoftAssertions();
    for (StepDiagnosis s : profile.steps()) {
      double truth = reverse.applyAsDouble(s.first());
      String step = "t = " + s.first();
      softly.assertThat(s.lower().mean()).as(step).isLessThan(truth + 4 * error(s.lower()));
      softly.assertThat(s.upper().mean()).as(step).isGreaterThan(truth - 4 * error(s.upper()));
      isNear(softly, s.model(), truth, "entropy at " + step);
      // E KL of exact steps is what the data would still tell: H_q(X_{t-1}|X_t) - lower bound.
      isNear(softly, s.contribution(), s.lower().mean() - truth, "contribution at " + step);
    }
    return softly;
  }

  private static double error(Bits bits) {
    return bits.standardError() + 1e-9;
  }

  @Test
  @DisplayName("of an exact Gaussian model has the entropies and costs of the closed form")
  void exactGaussian() {
    agreement(gaussian(0, 0), this::gaussianReverse).assertAll();
  }

  @Test
  @DisplayName("of an exact model of bits has the entropies and costs of the closed form")
  void exactBits() {
    agreement(bits(0), this::bitReverse).assertAll();
  }

  @Test
  @DisplayName("of a model that is wrong does not: too wide, off the mean, biased bits")
  void brokenModels() {
    assertThat(agreement(gaussian(0, 0.2), this::gaussianReverse).errorsCollected()).isNotEmpty();
    assertThat(agreement(gaussian(0.3, 0), this::gaussianReverse).errorsCollected()).isNotEmpty();
    assertThat(agreement(bits(0.5), this::bitReverse).errorsCollected()).isNotEmpty();
  }

  @Test
  @DisplayName("has the paper's bounds of a Gaussian diffusion to the last digit")
  void bounds() {
    for (StepDiagnosis s : gaussian(0, 0).steps()) {
      Rates r = rates(s.first());
      double upper = 2 * gaussianEntropy(r.beta());
      double lower = upper + log2((1 - r.previous()) / (1 - r.signal()));
      assertThat(s.upper().mean()).isCloseTo(upper, within(1e-9));
      assertThat(s.lower().mean()).isCloseTo(lower, within(1e-9));
    }
  }

  @Test
  @DisplayName("adds up to K, which is the entropy of the data less what the end leaves")
  void addsUp() {
    for (StepProfile profile : new StepProfile[] {gaussian(0, 0), bits(0)}) {
      double sum =
          profile.prior().mean()
              + profile.last().mean()
              + profile.steps().stream().mapToDouble(s -> s.contribution().mean()).sum();
      assertThat(profile.bound().mean()).isCloseTo(sum, within(1e-9));
      assertThat(profile.steps()).hasSize(STEPS - 1);
    }
    // With exact steps the only loss is KL(q(x_T) || pi).
    double signal = rates(STEPS).signal();
    double truth = 0;
    for (int j = 0; j < MEAN.length; j++) {
      double variance = signal * VARIANCE[j] + 1 - signal;
      double square = signal * MEAN[j] * MEAN[j];
      double left = 0.5 * (variance + square - 1 - Math.log(variance)) / Math.log(2);
      truth -= gaussianEntropy(VARIANCE[j]) + left;
    }
    Bits bound = gaussian(0, 0).bound();
    assertThat(bound.mean()).isCloseTo(truth, within(4 * bound.standardError()));
    Bits biased = gaussian(0.6, 0).bound();
    assertThat(biased.mean()).isLessThan(truth - 4 * biased.standardError());
  }

  @Test
  @DisplayName("by stretches has the same K, and in each stretch the mean of its steps")
  void stretches() {
    Diffusion diffusion = KnownModel.gaussian().diffusion(Grid.even(STEPS), constant(0.3, 0.2));
    NDArray data = gaussianData();
    StepProfile single = StepProfile.of(diffusion, data, 1, Noise.of(1, "test"), Progress.NONE);
    List<Double> done = new ArrayList<>();
    StepProfile three = StepProfile.of(diffusion, data, 3, Noise.of(3, "test"), done::add);
    assertThat(three.steps()).extracting(StepDiagnosis::first).containsExactly(2, 5, 8);
    assertThat(three.steps()).extracting(StepDiagnosis::last).containsExactly(4, 7, 8);
    assertThat(three.steps())
        .extracting(StepDiagnosis::earlier)
        .containsExactly(1 / 8.0, 0.5, 7 / 8.0);
    assertThat(three.steps()).extracting(StepDiagnosis::time).containsExactly(0.5, 7 / 8.0, 1.0);
    assertThat(three.trajectory()).isEqualTo(STEPS);
    assertThat(done).isSorted().last().isEqualTo(1.0);
    assertThat(three.bound().mean())
        .isCloseTo(
            single.bound().mean(),
            within(4 * Math.hypot(error(three.bound()), error(single.bound()))));
    for (StepDiagnosis stretch : three.steps()) {
      List<StepDiagnosis> steps = single.steps().subList(stretch.first() - 2, stretch.last() - 1);
      for (Function<StepDiagnosis, Bits> part :
          List.<Function<StepDiagnosis, Bits>>of(
              StepDiagnosis::contribution, StepDiagnosis::model, StepDiagnosis::upper)) {
        double mean = steps.stream().mapToDouble(s -> part.apply(s).mean()).average().orElseThrow();
        // The error of the few single steps is at most that of the stretch.
        assertThat(part.apply(stretch).mean())
            .as("t = %s to %s", stretch.first(), stretch.last())
            .isCloseTo(mean, within(6 * error(part.apply(stretch))));
      }
    }
  }

  @Test
  @DisplayName("makes no arrays that outlive it")
  void leaksNothing() {
    NDArray data = gaussianData();
    int before = manager.getManagedArrays().size();
    Diffusion diffusion = KnownModel.gaussian().diffusion(Grid.even(STEPS), constant(0, 0));
    StepProfile.of(diffusion, data, 1, Noise.of(1, "test"), Progress.NONE);
    assertThat(manager.getManagedArrays()).hasSize(before);
  }
}
