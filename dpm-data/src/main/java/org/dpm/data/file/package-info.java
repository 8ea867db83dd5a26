/** Files and folders that the user named: they are there, and what is wrong with them is told. */
@NullMarked
package org.dpm.data.file;

import org.jspecify.annotations.NullMarked;
