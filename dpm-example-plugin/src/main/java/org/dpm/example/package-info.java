/**
 * A plugin as a stranger would write it: a path, a kernel both ways, and a prior of priors. It
 * depends on the API alone.
 */
@NullMarked
package org.dpm.example;

import org.jspecify.annotations.NullMarked;
