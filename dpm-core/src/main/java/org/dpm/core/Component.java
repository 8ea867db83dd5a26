package org.dpm.core;

/**
 * One chosen implementation and its settings.
 *
 * @param type the interface of {@code org.dpm.api} that it implements
 * @param kind which implementation of it
 * @param settings what it is set to, an instance of the extension's settings record
 */
public record Component<T>(Class<T> type, String kind, Record settings) {}
