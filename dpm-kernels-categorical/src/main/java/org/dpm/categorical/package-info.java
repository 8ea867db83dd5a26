/**
 * Diffusion of categories: each cell is one of several classes, and is replaced by a class that
 * means nothing. Only the plugin is public; everything else is reached by its kind.
 */
@NullMarked
package org.dpm.categorical;

import org.jspecify.annotations.NullMarked;
