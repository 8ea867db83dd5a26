package org.dpm.evaluation.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.dpm.evaluation.Bits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The verdicts on a profile")
class VerdictTest {

  private static Bits bits(double mean) {
    return new Bits(mean, 0.01);
  }

  /** Bounds at 1 and 2 bits. */
  private static StepDiagnosis step(int t, double cost, double entropy) {
    double time = t / 41.0;
    return new StepDiagnosis(
        t, t, time - 1 / 41.0, time, bits(-cost), bits(1), bits(entropy), bits(2));
  }

  private static List<Verdict> verdicts(double prior, IntFunction<StepDiagnosis> step) {
    List<StepDiagnosis> steps = IntStream.rangeClosed(2, 41).mapToObj(step).toList();
    return Verdict.of(new StepProfile(100, bits(-5), bits(-prior), bits(0), steps));
  }

  private static List<String> complaints(double prior, IntFunction<StepDiagnosis> step) {
    return verdicts(prior, step).stream().filter(v -> !v.good()).map(Verdict::text).toList();
  }

  @Test
  @DisplayName("are all good where every step costs alike and keeps between the bounds")
  void good() {
    assertThat(verdicts(0, t -> step(t, 0.5, 1.5))).hasSize(2).allMatch(Verdict::good);
  }

  @Test
  @DisplayName("name the steps that are wasted")
  void wasted() {
    assertThat(complaints(0, t -> step(t, t > 20 ? 0 : 0.5, 1.5)))
        .singleElement()
        .asString()
        .contains("Wasted: 21 of 40", "t = 22 to 40, time 0.512 to 0.976");
  }

  @Test
  @DisplayName("name the steps that cost more than the bounds are apart, but not by chance alone")
  void tooLarge() {
    assertThat(complaints(0, t -> step(t, t == 7 ? 1.1 : 0.5, 1.5)))
        .singleElement()
        .asString()
        .contains("Too large", "t = 7");
    assertThat(complaints(0, t -> step(t, t == 7 ? 1.03 : 0.5, 1.5))).isEmpty();
  }

  @Test
  @DisplayName("name one step that costs many times the others")
  void uneven() {
    assertThat(complaints(0, t -> step(t, t == 41 ? 0.9 : 0.05, 1.5)))
        .singleElement()
        .asString()
        .contains("Uneven", "step t = 41 (time 1.00) alone costs");
  }

  @Test
  @DisplayName("name the steps whose entropy is outside the bounds, on either side")
  void entropies() {
    assertThat(complaints(0, t -> step(t, 0.5, t < 10 ? 2.5 : t > 30 ? 0.5 : 1.5)))
        .hasSize(2)
        .anySatisfy(
            text ->
                assertThat(text).contains("Too wide", "8 steps (t = 2 to 9, time 0.0244 to 0.220)"))
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("Too sure", "11 steps (t = 31 to 41, time 0.732 to 1.00)"));
  }

  @Test
  @DisplayName("tell of data that the end of the diffusion leaves")
  void unfinished() {
    assertThat(complaints(2, t -> step(t, 0.5, 1.5)))
        .singleElement()
        .asString()
        .contains("Unfinished", "2.00 bits");
  }

  @Test
  @DisplayName("count the steps of stretches, and say where these begin and end")
  void stretches() {
    List<StepDiagnosis> steps =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    new StepDiagnosis(
                        2 + 10 * i,
                        11 + 10 * i,
                        (1 + 10 * i) / 401.0,
                        (11 + 10 * i) / 401.0,
                        bits(i == 39 ? -0.9 : i >= 20 ? 0 : -0.05),
                        bits(1),
                        bits(1.5),
                        bits(2)))
            .toList();
    assertThat(Verdict.of(new StepProfile(100, bits(-5), bits(0), bits(0), steps)))
        .extracting(Verdict::text)
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("Uneven", "steps t = 392 to 401 (time 0.975 to 1.00) each cost 0.9"))
        .anySatisfy(text -> assertThat(text).contains("Wasted: 190 of 400 steps"));
  }
}
