package org.dpm.training;

/**
 * One line of {@code metrics.jsonl}.
 *
 * @param update how many updates there had been
 * @param seconds since training began
 * @param loss mean training loss since the line before, in the objective's unit
 * @param boundBits held-out K of the averaged weights, bits per example, z-scored units
 * @param boundStandardError of {@code boundBits}
 * @param rate learning rate
 * @param gradientNorm mean over the updates since the line before
 */
public record Metric(
    long update,
    double seconds,
    double loss,
    double boundBits,
    double boundStandardError,
    double rate,
    double gradientNorm) {}
