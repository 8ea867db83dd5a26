package org.dpm.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dpm.core.OptimizerSettings;
import org.dpm.engine.GradientMode;
import org.dpm.engine.TorchScript;

/**
 * Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019) on a few large arrays, with
 * clipping of the gradient's norm and an exponential average of the weights: one call each.
 *
 * <p>A gradient that is not finite changes nothing; the update is skipped and the caller told.
 */
final class FlatAdam implements AutoCloseable {

  private final OptimizerSettings settings;
  private final NDManager manager;
  private final NDManager host;
  private final TorchScript script;
  private final List<NDArray> weights;
  private final List<List<NDArray>> others;
  private final NDList first = new NDList();
  private final NDList second = new NDList();
  private final NDList steps = new NDList();
  private final NDList averages = new NDList();

  /**
   * @param replicas arrays that require a gradient, updated in place; where there are several lists
   *     of them, all hold the same weights in the same memory, and their gradients are added
   */
  FlatAdam(OptimizerSettings settings, NDManager parent, List<List<NDArray>> replicas) {
    this.settings = settings;
    weights = replicas.get(0);
    others = replicas.subList(1, replicas.size());
    manager = parent.newSubManager();
    host = parent.newSubManager(Device.cpu());
    script = TorchScript.compile(manager, update(settings.kind()), MOVE);
    try (GradientMode off = GradientMode.off()) {
      for (NDArray array : weights) {
        first.add(manager.zeros(array.getShape()));
        second.add(manager.zeros(array.getShape()));
        steps.add(manager.zeros(new Shape()));
        NDArray average = array.stopGradient().duplicate();
        average.attach(manager);
        averages.add(average);
      }
    }
  }

  private static final String MOVE =
      """
      def move(self: __torch__.Ops, to: Tensor, g: Tensor) -> Tensor:
        torch.add_(to, g)
        torch.zero_(g)
        return to
      """;

  private static String update(OptimizerSettings.Kind kind) {
    String operator =
        switch (kind) {
          case ADAM -> "_fused_adam_";
          case ADAMW -> "_fused_adamw_";
        };
    // s: rate, beta1, beta2, weight decay, epsilon, largest norm, share of the new weights.
    return """
        def update(self: __torch__.Ops, w: Tensor, g: Tensor, m: Tensor, v: Tensor, t: Tensor, \
        a: Tensor, s: Tensor) -> Tensor:
          norm = torch.norm(g)
          if bool(torch.isfinite(norm)):
            too_long = torch.clamp(torch.div(norm, float(s[5])), 1.)
            torch.add_(t, 1)
            ws = [w]
            torch.%s(ws, [g], [m], [v], annotate(List[Tensor], []), [t], lr=float(s[0]), \
        beta1=float(s[1]), beta2=float(s[2]), weight_decay=float(s[3]), eps=float(s[4]), \
        amsgrad=False, maximize=False, grad_scale=too_long, found_inf=None)
            torch.lerp_(a, ws[0], float(s[6]))
          else:
            pass
          torch.zero_(g)
          return norm
        """
        .formatted(operator);
  }

  /**
   * One update from the gradients that the weights hold, which are zeroed.
   *
   * @param rates learning rate of each array
   * @param share of the new weights in the average
   * @return the largest norm of the arrays' gradients before clipping; NaN or infinite if one was
   *     skipped
   */
  float update(float[] rates, double share) {
    float largest = 0;
    try (GradientMode off = GradientMode.off()) {
      for (List<NDArray> replica : others) {
        addGradients(replica);
      }
      for (int i = 0; i < weights.size(); i++) {
        float[] numbers = {
          rates[i],
          (float) settings.beta1(),
          (float) settings.beta2(),
          (float) settings.weightDecay(),
          (float) settings.epsilon(),
          settings.clip() > 0 ? (float) settings.clip() : Float.POSITIVE_INFINITY,
          (float) share
        };
        float norm =
            script
                .call(
                    "update",
                    weights.get(i),
                    weights.get(i).getGradient(),
                    first.get(i),
                    second.get(i),
                    steps.get(i),
                    averages.get(i),
                    host.create(numbers))
                .getFloat();
        largest = Float.isFinite(largest) ? Math.max(largest, norm) : largest;
      }
    }
    return largest;
  }

  private void addGradients(List<NDArray> replica) {
    for (int i = 0; i < weights.size(); i++) {
      NDArray gradient = replica.get(i).getGradient();
      // A batch of fewer examples than replicas leaves some without.
      if (gradient != null) {
        script.call("move", weights.get(i).getGradient(), gradient);
      }
    }
  }

  /** The averaged weights, array by array. */
  NDList averages() {
    return averages;
  }

  @Override
  public void close() {
    script.close();
    manager.close();
    host.close();
  }
}
