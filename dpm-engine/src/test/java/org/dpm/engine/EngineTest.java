package org.dpm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dpm.api.Numbers.number;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.atomic.AtomicInteger;
import org.dpm.api.Distribution;
import org.dpm.api.InvalidInput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The engine")
class EngineTest {

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager(Devices.byName("cpu"));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  @DisplayName("runs operators that are written as text")
  void torchScript() {
    try (TorchScript script =
        TorchScript.compile(
            manager,
            """
            def twice(self: __torch__.Ops, x: Tensor) -> Tensor:
              return torch.mul(x, 2)
            """,
            """
            def log1p(self: __torch__.Ops, x: Tensor) -> Tensor:
              return torch.log1p(x)
            """)) {
      assertThat(script.call("twice", manager.create(21f)).getFloat()).isEqualTo(42f);
      assertThat(script.call("log1p", manager.create(1e-10f)).getFloat()).isEqualTo(1e-10f);
    }
  }

  @Test
  @DisplayName("keeps the numbers of a product until the backward pass has used them")
  void numbersLive() {
    int count = 2000;
    try (Derivatives derivatives = new Derivatives(manager);
        GradientMode on = GradientMode.on()) {
      NDArray x = Derivatives.variable(manager.create(new float[] {1}));
      NDList products = new NDList();
      for (int i = 0; i < count; i++) {
        products.add(x.mul(number(x, 3)));
      }
      NDArray sum = NDArrays.stack(products).sum();
      // What nobody holds any more is freed now, and written over by what comes next.
      System.gc();
      for (int i = 0; i < 10 * count; i++) {
        // Its manager holds it.
        manager.create(1e9f);
      }
      NDArray slope = derivatives.product(sum, x, sum.onesLike());
      assertThat(slope.toFloatArray()).containsExactly(3f * count);
    }
  }

  @Test
  @DisplayName("differentiates again what the garbage collector may have spoilt")
  void collected() {
    AtomicInteger calls = new AtomicInteger();
    try (Derivatives derivatives = new Derivatives(manager)) {
      NDArray slope =
          derivatives.gradient(
              x -> {
                NDArray y = x.mul(-2f);
                if (calls.incrementAndGet() < 3) {
                  System.gc();
                }
                return y;
              },
              manager.create(new float[] {1, 2}));
      assertThat(calls).hasValue(3);
      assertThat(slope.toFloatArray()).containsExactly(-2, -2);
    }
  }

  @Test
  @DisplayName("differentiates a function, and the derivative again")
  void derivatives() {
    try (Derivatives derivatives = new Derivatives(manager);
        GradientMode on = GradientMode.on()) {
      NDArray x = Derivatives.variable(manager.create(new float[] {1, 2, 3, -1}).reshape(2, 2));
      NDArray cubes = Distribution.perExample(x.pow(number(x, 3)));
      NDArray first = derivatives.product(cubes, x, cubes.onesLike());
      assertThat(first.toFloatArray()).containsExactly(3, 12, 27, 3);
      NDArray second = derivatives.product(first, x, first.onesLike());
      assertThat(second.toFloatArray()).containsExactly(6, 12, 18, -6);
    }
  }

  @Test
  @DisplayName("gives the gradient of a log density without touching gradient mode")
  void gradient() {
    try (Derivatives derivatives = new Derivatives(manager);
        GradientMode off = GradientMode.off()) {
      NDArray x = manager.create(new float[] {1, 2, 3, -1}).reshape(2, 2);
      NDArray score = derivatives.gradient(y -> Distribution.perExample(y.square()).mul(-0.5f), x);
      assertThat(score.add(x).abs().max().getFloat()).isCloseTo(0, within(1e-6f));
      assertThat(JniUtils.isGradMode()).isFalse();
    }
  }

  @Test
  @DisplayName("refuses a device that is not there, and says which are")
  void device() {
    assertThatThrownBy(() -> Devices.byName("gpu7"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("no device 'gpu7'")
        .hasMessageContaining("cpu");
    assertThatThrownBy(() -> Devices.byName("tpu")).isInstanceOf(InvalidInput.class);
  }
}
