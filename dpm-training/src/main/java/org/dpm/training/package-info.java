/** Training and evaluation: what turns a pipeline into a model, and says in bits how good it is. */
@NullMarked
package org.dpm.training;

import org.jspecify.annotations.NullMarked;
