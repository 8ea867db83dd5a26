/**
 * A plugin as a stranger would write it: one Gaussian kernel of its own, both ways. It depends on
 * the API alone.
 */
@NullMarked
package org.dpm.example;

import org.jspecify.annotations.NullMarked;
