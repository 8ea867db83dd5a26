package org.dpm.api;

/**
 * Between data units and what the kernel sees, cell by cell: for priors and whoever else is told
 * something in data units. Cells are those that are modelled, in their order.
 */
public interface DataUnits {

  /** A value of a cell as the kernel sees it: z-scored for a number. */
  double toModel(int cell, double value);

  /** What one unit of the kernel is in data units; 1 for what is not scaled. */
  double scale(int cell);

  /** Where the numbers of x_t that stand for a cell begin, in row-major order. */
  int slot(int cell);

  /** How many there are. */
  int width(int cell);
}
