/**
 * The host: finds plugins, reads pipelines strictly, and puts the chosen components together. A
 * pipeline goes from text through {@link org.dpm.core.PipelineReader} and {@link
 * org.dpm.core.Wiring} to built parts.
 */
@NullMarked
package org.dpm.core;

import org.jspecify.annotations.NullMarked;
