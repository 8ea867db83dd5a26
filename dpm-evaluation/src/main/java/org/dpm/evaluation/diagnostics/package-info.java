/**
 * Where along the trajectory a model wins and loses: what every step costs, what it could know at
 * best and at worst, and what follows for the number of steps and the schedule.
 */
@NullMarked
package org.dpm.evaluation.diagnostics;

import org.jspecify.annotations.NullMarked;
