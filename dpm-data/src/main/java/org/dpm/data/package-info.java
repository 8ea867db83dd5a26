/**
 * Where examples come from: a swiss roll and heartbeats of known density, tables of numbers, bits
 * and categories ({@code csv}), NumPy's archives ({@code npz}), and images: MNIST's files ({@code
 * idx}), those of CIFAR-10, folders of PNG and JPEG files, and dead leaves that are drawn. Files
 * are checked as they are read: what cannot be trained on is refused in words, and never repaired
 * in silence.
 */
@NullMarked
package org.dpm.data;

import org.jspecify.annotations.NullMarked;
