/**
 * The model multiplied with r(x): perturbed reverse steps and sequential Monte Carlo, for every
 * kernel. Sohl-Dickstein et al. 2015, section 2.5.
 */
@NullMarked
package org.dpm.posterior;

import org.jspecify.annotations.NullMarked;
