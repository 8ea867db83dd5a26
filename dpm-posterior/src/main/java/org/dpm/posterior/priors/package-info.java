/** Priors r(x) to multiply a model with, by kind. Their settings are in data units. */
@NullMarked
package org.dpm.posterior.priors;

import org.jspecify.annotations.NullMarked;
