/** Pipelines that are ready to run. Each is a YAML resource whose first line says what it is. */
@NullMarked
package org.dpm.examples;

import org.jspecify.annotations.NullMarked;
