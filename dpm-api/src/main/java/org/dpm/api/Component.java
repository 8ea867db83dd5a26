package org.dpm.api;

/**
 * One chosen implementation and its settings, as a pipeline names it. A settings record may have
 * components of its own, which {@link Factory} builds.
 *
 * @param type the interface of this package that it implements
 * @param kind which implementation of it
 * @param settings what it is set to, an instance of the extension's settings record
 */
public record Component<T>(Class<T> type, String kind, Record settings) {}
