/**
 * Networks that map (x_t, t) to the numbers a reverse kernel asks for. Only the plugin is public;
 * pipelines name the networks by their kind.
 */
@NullMarked
package org.dpm.networks;

import org.jspecify.annotations.NullMarked;
