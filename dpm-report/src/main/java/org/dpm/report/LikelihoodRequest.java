package org.dpm.report;

import org.dpm.api.Progress;

/**
 * That a report is to show the log likelihood, and of what it is to be estimated.
 *
 * @param trajectories S, for each example; at least 1
 * @param examples how many, chosen at random; at least 1
 * @param progress is told the fraction that is done
 */
public record LikelihoodRequest(int trajectories, int examples, Progress progress) {

  public LikelihoodRequest {
    if (trajectories < 1) {
      throw new IllegalArgumentException("trajectories must be at least 1, but is " + trajectories);
    }
    if (examples < 1) {
      throw new IllegalArgumentException("examples must be at least 1, but is " + examples);
    }
  }
}
