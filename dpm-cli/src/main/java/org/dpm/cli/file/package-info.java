/**
 * Files that appear whole or not at all. Nothing else in the command line writes files for people
 * to keep.
 */
@NullMarked
package org.dpm.cli.file;

import org.jspecify.annotations.NullMarked;
