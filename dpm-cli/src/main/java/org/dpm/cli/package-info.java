/** The {@code dpm} command: what a user types, and what is printed and drawn in answer. */
@NullMarked
package org.dpm.cli;

import org.jspecify.annotations.NullMarked;
