/**
 * One HTML file that shows a run, or compares several, to people: everything is in the file, and it
 * needs no network.
 */
@NullMarked
package org.dpm.report;

import org.jspecify.annotations.NullMarked;
