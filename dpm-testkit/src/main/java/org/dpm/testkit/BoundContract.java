package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import org.dpm.api.Diffusion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That an objective which claims to bound the likelihood does so. */
@DisplayName("An objective that bounds the likelihood")
public abstract class BoundContract extends ObjectiveContract {

  @Override
  protected List<KnownModel> models() {
    return List.of(KnownModel.gaussian(), KnownModel.bits());
  }

  @Test
  @DisplayName("is on average never below the exact negative log likelihood, in nats per example")
  void neverAboveTheLikelihood() {
    for (KnownModel model : models()) {
      // Zero is the exact model, where the bound leaves hardly a gap and a missing term shows.
      for (double answer : new double[] {0, 0.3, -0.3}) {
        Diffusion diffusion = model.diffusion(GRID, answer);
        NDArray data = model.data(manager);
        double[] logLikelihood = model.logLikelihood(diffusion, data);
        Draws loss = inLargeBatches(data, diffusion);
        double exact = -Arrays.stream(logLikelihood).average().orElseThrow();
        assertThat(loss.mean())
            .as("mean loss on the %s with answers of %s", model, answer)
            .isGreaterThan(exact - loss.toleranceOfAverages() - 1e-9);
      }
    }
  }
}
