/** How good a model is on examples that it has not seen, in bits, and how far off that may be. */
@NullMarked
package org.dpm.evaluation;

import org.jspecify.annotations.NullMarked;
