/** Training: what turns a pipeline into a model, and how fast it does. */
@NullMarked
package org.dpm.training;

import org.jspecify.annotations.NullMarked;
