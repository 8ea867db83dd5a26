/**
 * Where examples come from: a swiss roll of known density, tables of numbers ({@code csv}), NumPy's
 * archives ({@code npz}) and MNIST's image files ({@code idx}). Files are checked as they are read:
 * what cannot be trained on is refused in words, and never repaired in silence.
 */
@NullMarked
package org.dpm.training.data;

import org.jspecify.annotations.NullMarked;
