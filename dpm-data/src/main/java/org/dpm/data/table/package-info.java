/** Samples as tables and arrays that other programs read. The file's extension says which. */
@NullMarked
package org.dpm.data.table;

import org.jspecify.annotations.NullMarked;
