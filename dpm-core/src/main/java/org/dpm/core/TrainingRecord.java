package org.dpm.core;

/**
 * How much training a model has seen.
 *
 * @param updates optimiser steps in all
 * @param keptUpdate the update whose weights were kept, since their held-out K was best
 * @param seconds of training in all, held-out evaluation included
 */
public record TrainingRecord(long updates, long keptUpdate, double seconds) {}
