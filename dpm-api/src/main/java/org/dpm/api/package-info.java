/**
 * The service-provider interface of DPM for Java: what a kernel, schedule, network, objective,
 * prior, sampler or data source implements, and the small values that pass between them. The
 * notation is that of Sohl-Dickstein et al. (ICML 2015), "the paper".
 */
@NullMarked
package org.dpm.api;

import org.jspecify.annotations.NullMarked;
