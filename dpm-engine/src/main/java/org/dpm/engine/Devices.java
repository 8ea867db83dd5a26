package org.dpm.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.InvalidInput;

/** The engine's devices by name. The engine is started here, offline and without telemetry. */
public final class Devices {

  /** Weights times examples in a batch below which a second thread costs more than it brings. */
  private static final long WORTH_SHARING = 1_000_000_000;

  private Devices() {}

  /** The PyTorch engine. */
  public static Engine engine() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    return Engine.getEngine("PyTorch");
  }

  /**
   * The device of this name: {@code auto} (the first GPU, or the CPU where there is none), {@code
   * cpu}, {@code gpu0}, {@code gpu1}, ...
   *
   * @throws InvalidInput if there is no such device, naming those that there are
   */
  public static Device byName(String name) {
    List<String> known = names();
    if (name.equals("auto")) {
      return known.size() > 1 ? Device.gpu(0) : Device.cpu();
    }
    if (!known.contains(name)) {
      throw new InvalidInput(
          "device: there is no device '%s' here. There is: auto, %s."
              .formatted(name, String.join(", ", known)));
    }
    return name.equals("cpu") ? Device.cpu() : Device.gpu(Integer.parseInt(name.substring(3)));
  }

  /**
   * Sets how many threads share one operation: one where operations are small, since threads that
   * wait for each other are lost as soon as anything else runs on the machine. Leaves it to the
   * environment where that says OMP_NUM_THREADS.
   *
   * @param work weights times examples in a batch
   */
  public static void useThreadsFor(long work) {
    engine();
    if (System.getenv("OMP_NUM_THREADS") == null) {
      int all = Runtime.getRuntime().availableProcessors();
      JniUtils.setNumThreads(work < WORTH_SHARING ? 1 : all);
    }
  }

  /**
   * How many threads with a model of their own are worth having: one for each processor where
   * operations are large, one where they are small, on a GPU, or where the environment says
   * OMP_NUM_THREADS and so shares operations instead.
   *
   * @param work weights times examples in a batch
   */
  public static int replicasFor(long work, Device device) {
    boolean isOne =
        work < WORTH_SHARING || device.isGpu() || System.getenv("OMP_NUM_THREADS") != null;
    return isOne ? 1 : Runtime.getRuntime().availableProcessors();
  }

  /** How many threads share an operation of the calling thread. */
  public static int threads() {
    return JniUtils.getNumThreads();
  }

  /** Every device of this machine that the engine can use, the CPU first. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(List.of("cpu"));
    for (int i = 0; i < engine().getGpuCount(); i++) {
      names.add("gpu" + i);
    }
    return names;
  }
}
