/**
 * Pictures of data, samples and training, as PNG files. They take plain arrays and need no display.
 */
@NullMarked
package org.dpm.report.picture;

import org.jspecify.annotations.NullMarked;
