/**
 * What DJL's PyTorch engine needs to be asked for in its own way: devices, gradient mode,
 * derivatives, scripts, threads, and parameters that lie in one flat array. Plugins share it with
 * the host, but it is not promised to stay as it is.
 */
@NullMarked
package org.dpm.engine;

import org.jspecify.annotations.NullMarked;
