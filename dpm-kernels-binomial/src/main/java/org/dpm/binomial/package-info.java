/**
 * Binomial diffusion: bits are replaced, a few at a time, by bits that mean nothing. Only the
 * plugin is public; everything else is reached by its kind.
 */
@NullMarked
package org.dpm.binomial;

import org.jspecify.annotations.NullMarked;
