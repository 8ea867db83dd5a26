/**
 * The contracts that kernels, schedules, networks, objectives, priors and samplers must pass, as
 * abstract JUnit classes: extend one, say what is to be tested, and inherit the tests. {@link
 * org.dpm.testkit.EnumerationOracle} gives the exact likelihood of small binary models.
 */
@NullMarked
package org.dpm.testkit;

import org.jspecify.annotations.NullMarked;
