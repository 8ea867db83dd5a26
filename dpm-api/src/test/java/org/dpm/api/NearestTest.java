package org.dpm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The nearest name")
class NearestTest {

  private static final List<String> KNOWN =
      List.of("rbf", "mlp", "gaussian", "firstBeta", "minutes", "updates", "multiscale-conv");

  @ParameterizedTest
  @DisplayName("is found in spite of a typing error, a wrong case or a missing end")
  @CsvSource({
    "rfb, rbf",
    "frstBeta, firstBeta",
    "firstbeta, firstBeta",
    "minuts, minutes",
    "update, updates",
    "gauss, gaussian",
    "multi-scale-conv, multiscale-conv"
  })
  void found(String name, String nearest) {
    assertThat(Nearest.to(name, KNOWN)).contains(nearest);
  }

  @ParameterizedTest
  @DisplayName("is not made up where nothing is close")
  @CsvSource({"abc", "poisson", "x", "learningRate"})
  void notFound(String name) {
    assertThat(Nearest.to(name, KNOWN)).isEmpty();
  }
}
