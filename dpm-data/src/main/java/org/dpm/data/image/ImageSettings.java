package org.dpm.data.image;

/**
 * What settings of a data source can say of its images, for whoever brings a model other pictures
 * than those that it learned from.
 */
public interface ImageSettings {

  /** The number that stands for white; black is 0, and what is between is between. */
  double white();
}
