/**
 * How probable a model says data are: log likelihoods from trajectories, from the probability flow
 * and from samples, each with its own error, and a trained model as a distribution of Commons Math.
 */
@NullMarked
package org.dpm.evaluation.likelihood;

import org.jspecify.annotations.NullMarked;
