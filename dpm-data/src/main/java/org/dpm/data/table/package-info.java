/**
 * Tables and arrays that other programs read and write. There is one reader of tables, for training
 * as for imputation, and what it reads can be written again to the last character.
 */
@NullMarked
package org.dpm.data.table;

import org.jspecify.annotations.NullMarked;
