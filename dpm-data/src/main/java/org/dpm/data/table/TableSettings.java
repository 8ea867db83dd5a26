package org.dpm.data.table;

/**
 * What settings of a data source that reads tables can say of them, for whoever brings a model
 * other tables than the one that it learned from.
 */
public interface TableSettings {

  /** How its tables are written. */
  TableFormat format();
}
