/**
 * What DJL's PyTorch engine needs to be asked for in its own way: devices, gradient mode,
 * derivatives, and parameters that lie in one flat array.
 */
@NullMarked
package org.dpm.core.engine;

import org.jspecify.annotations.NullMarked;
