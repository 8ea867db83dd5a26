/**
 * Gaussian diffusion: the data shrink and white noise fills the room they leave. Only the plugin is
 * public; everything else is reached by its kind.
 */
@NullMarked
package org.dpm.gaussian;

import org.jspecify.annotations.NullMarked;
