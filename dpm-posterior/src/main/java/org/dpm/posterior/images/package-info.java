/**
 * Images of which a part is hidden or that are full of noise: what is known of them, what was drawn
 * to restore them, and how far off that and simpler methods are.
 */
@NullMarked
package org.dpm.posterior.images;

import org.jspecify.annotations.NullMarked;
