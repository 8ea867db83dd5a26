package org.dpm.engine;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Whether operations of this thread are recorded for differentiation. The engine keeps this for
 * each thread and starts with recording on; sampling and evaluation turn it off.
 *
 * <pre>{@code
 * try (GradientMode off = GradientMode.off()) { ... }
 * }</pre>
 */
public final class GradientMode implements AutoCloseable {

  private final boolean before;

  private GradientMode(boolean recording) {
    this.before = JniUtils.isGradMode();
    JniUtils.setGradMode(recording);
  }

  /** Whether this thread's operations are being recorded. */
  public static boolean isOn() {
    return JniUtils.isGradMode();
  }

  /** Records until closed. */
  public static GradientMode on() {
    return new GradientMode(true);
  }

  /** Does not record until closed. */
  public static GradientMode off() {
    return new GradientMode(false);
  }

  /** Back to what it was. */
  @Override
  public void close() {
    JniUtils.setGradMode(before);
  }
}
