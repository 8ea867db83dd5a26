package org.dpm.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.UnaryOperator;

/**
 * First and second derivatives with respect to the input, as the score of a density and the
 * divergence of a flow need them. The gradients of parameters are left alone.
 */
public final class Derivatives implements AutoCloseable {

  /** Where the collector runs all the time, the last answer is as good as any. */
  private static final int TRIES = 20;

  private final TorchScript operators;

  public Derivatives(NDManager manager) {
    operators =
        TorchScript.compile(
            manager,
            """
            def product(self: __torch__.Ops, y: Tensor, x: Tensor, v: Tensor) -> Tensor:
              g = torch.grad([y], [x], annotate(List[Optional[Tensor]], [v]), True, True, False)
              return unchecked_cast(Tensor, g[0])
            """);
  }

  /**
   * The vector-Jacobian product v^T dy/dx, itself differentiable. Needs {@link GradientMode#on}.
   *
   * @param y computed from {@code x} while it was {@link #variable}
   * @param v the shape of {@code y}
   * @return the shape of {@code x}
   */
  public NDArray product(NDArray y, NDArray x, NDArray v) {
    return operators.call("product", y, x, v);
  }

  /**
   * The gradient of a function with one value for each example.
   *
   * <p>Anybody's function: one that multiplies by a Java number leaves the engine with memory that
   * the garbage collector frees. It is asked again if the collector has run meanwhile, and may
   * therefore be called more than once.
   *
   * @param function [B, element...] to [B], examples independent of each other
   * @return [B, element...], detached
   */
  public NDArray gradient(UnaryOperator<NDArray> function, NDArray x) {
    try (GradientMode on = GradientMode.on()) {
      NDArray gradient;
      long collections;
      int tries = 0;
      do {
        collections = collections();
        NDArray variable = variable(x);
        NDArray y = function.apply(variable);
        gradient = product(y, variable, y.onesLike()).stopGradient();
      } while (collections() != collections && ++tries < TRIES);
      return gradient;
    }
  }

  /**
   * Adds the gradient of {@code y}, weighed, to those that its variables and weights hold. Needs
   * {@link GradientMode#on}.
   *
   * @param v the shape of {@code y}: what the gradient of each of its elements is multiplied by
   */
  public static void backward(NDArray y, NDArray v) {
    JniUtils.backward((PtNDArray) y, (PtNDArray) v, false, false);
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  /** A copy of {@code x} with respect to which results can be differentiated. */
  public static NDArray variable(NDArray x) {
    NDArray variable = x.stopGradient().duplicate();
    variable.setRequiresGradient(true);
    return variable;
  }

  @Override
  public void close() {
    operators.close();
  }
}
