package org.dpm.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.Map;
import java.util.TreeMap;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.api.Signature;
import org.dpm.networks.MultiscaleConvNetwork.Settings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The multi-scale convolutional network")
class MultiscaleConvTest extends EngineFixture {

  private static final Settings SMALL =
      new Settings(3, 2, 3, 3, Activation.SOFTPLUS, 1, 4, 2, 1, 3, Activation.TANH, 3);
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 4;
  private static final int WIDTH = 8;
  private static final int OUTPUTS = 2;
  private static final Shape IMAGE = new Shape(CHANNELS, HEIGHT, WIDTH);

  @ParameterizedTest(name = "{0}, layers on pixels: {1}")
  @CsvSource({"TANH, 1", "TANH, 2", "SILU, 0", "SILU, 2"})
  @DisplayName("is what the paper says: pool, convolve, repeat, sum; bend; per pixel; mix by time")
  void isThePapersNetwork(Activation dense, int pixelLayers) {
    Settings settings =
        new Settings(3, 2, 3, 3, Activation.SOFTPLUS, 1, 4, 2, pixelLayers, 3, dense, 3);
    Block block = moved(settings);
    double[] time = {0.25, 1};
    double[] x = points();
    double[] answer = answer(block, x, time);
    double[] expected = new Definition(settings, parameters(block), "scale").answer(x, time);
    assertThat(answer).containsExactly(expected, within(1e-12));
    // The same with the kernels of the scales exchanged is another network.
    double[] exchanged = new Definition(settings, parameters(block), "exchanged").answer(x, time);
    assertThat(distance(answer, exchanged)).isGreaterThan(1e-2);
  }

  @Test
  @DisplayName("begins at zero, where the kernel has its own default")
  void beginsAtZero() {
    Block block = new MultiscaleConvNetwork(SMALL).block(new Signature(IMAGE, OUTPUTS));
    block.initialize(manager, DataType.FLOAT64, new Shape(1).addAll(IMAGE), new Shape(1));
    assertThat(answer(block, points(), new double[] {0.25, 1})).containsOnly(0);
  }

  @Test
  @DisplayName("keeps the size of features from layer to layer when it begins")
  void beginsWellScaled() {
    Engine.getInstance().setRandomSeed(2);
    Settings deep = new Settings(16, 6, 3, 3, Activation.RELU, 0, 1, 1, 0, 1, Activation.TANH, 2);
    Block block = new MultiscaleConvNetwork(deep).block(new Signature(new Shape(1, 16, 16), 16));
    Shape shape = new Shape(8, 1, 16, 16);
    block.initialize(manager, DataType.FLOAT32, shape, new Shape(8));
    // At every bump, one output for each of the 16 features: the answer is the last convolution's.
    NDArray identity = manager.eye(16).flatten();
    NDArrays.stack(new NDList(identity, identity)).copyTo(readout(block));
    NDArray x = Noise.of(2, "points").gaussian(manager.zeros(shape));
    ParameterStore store = new ParameterStore(manager, false);
    NDList inputs = new NDList(x, manager.ones(new Shape(8)));
    NDArray features = block.forward(store, inputs, false).singletonOrThrow();
    double size = Math.sqrt(features.square().mean().getFloat());
    // Half of relu is lost, and the coarse scales see less of white noise: not far from one.
    assertThat(size).isBetween(0.1, 3.0);
  }

  private static NDArray readout(Block block) {
    return block.getParameters().get("readout").getArray();
  }

  @Test
  @DisplayName("has the published number of weights at the published sizes")
  void hasPublishedSizes() {
    Settings published =
        new Settings(20, 4, 3, 3, Activation.SOFTPLUS, 4, 500, 2, 2, 20, Activation.TANH, 10);
    Block block =
        new MultiscaleConvNetwork(published).block(new Signature(new Shape(1, 28, 28), 2));
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 28, 28), new Shape(1));
    long convolutions = 3 * 9 * (20 + 3 * 20 * 20) + 4 * 20;
    long dense = (784 * 500 + 3 * 500 * 500 + 4 * 500) + (500 * 1568 + 1568);
    long pixels = (22 * 20 + 20) + (20 * 20 + 20) + 10 * (20 * 2 + 2);
    long count = block.getParameters().values().stream().mapToLong(p -> p.getArray().size()).sum();
    assertThat(count).isEqualTo(convolutions + dense + pixels);
  }

  @Test
  @DisplayName("refuses what is no image, and sizes that it cannot halve, naming size and divisor")
  void refusesOtherShapes() {
    MultiscaleConvNetwork network = new MultiscaleConvNetwork(SMALL);
    assertThatThrownBy(() -> network.block(new Signature(new Shape(7), 1)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("[channels, height, width]")
        .hasMessageContaining("(7)");
    assertThatThrownBy(() -> network.block(new Signature(new Shape(1, 28, 30), 1)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("multiples of 4")
        .hasMessageContaining("28 by 30")
        .hasMessageContaining("Set network.scales to 2 or less");
    assertThatThrownBy(() -> network.block(new Signature(new Shape(1, 27, 28), 1)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("Set network.scales to 1,");
    Settings absurd =
        new Settings(1, 1, 200, 3, Activation.RELU, 0, 1, 1, 0, 1, Activation.TANH, 2);
    assertThatThrownBy(
            () -> new MultiscaleConvNetwork(absurd).block(new Signature(new Shape(1, 64, 64), 1)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("Set network.scales to 7 or less");
  }

  @Test
  @DisplayName("refuses nonsense by stating the requirement and the value")
  void refusesNonsense() {
    assertThatThrownBy(() -> settings(0, 3, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("channels must be at least 1, but is 0");
    assertThatThrownBy(() -> settings(1, 2, 10))
        .hasMessage("kernel must be odd and at least 1, but is 2");
    assertThatThrownBy(() -> settings(1, 3, 1)).hasMessage("bumps must be at least 2, but is 1");
  }

  private static Settings settings(int channels, int kernel, int bumps) {
    return new Settings(
        channels, 1, 1, kernel, Activation.RELU, 0, 1, 1, 0, 1, Activation.TANH, bumps);
  }

  private Block moved(Settings settings) {
    Engine.getInstance().setRandomSeed(3);
    Block block = new MultiscaleConvNetwork(settings).block(new Signature(IMAGE, OUTPUTS));
    block.initialize(manager, DataType.FLOAT64, new Shape(1).addAll(IMAGE), new Shape(1));
    Noise noise = Noise.of(3, "parameters");
    for (Parameter parameter : block.getParameters().values()) {
      NDArray value = parameter.getArray();
      value.addi(noise.gaussian(value).mul(0.3));
    }
    return block;
  }

  private static double[] points() {
    Noise noise = Noise.of(4, "points");
    double[] x = new double[2 * (int) IMAGE.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = noise.gaussian();
    }
    return x;
  }

  private double[] answer(Block block, double[] x, double[] time) {
    NDArray images = manager.create(x, new Shape(time.length).addAll(IMAGE));
    NDList inputs = new NDList(images, manager.create(time));
    return doubles(block.forward(new ParameterStore(manager, false), inputs, false).get(0));
  }

  private static double distance(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private static Map<String, double[]> parameters(Block block) {
    Map<String, double[]> values = new TreeMap<>();
    block
        .getParameters()
        .forEach(
            named ->
                values.put(
                    named.getKey().replaceFirst("^\\d+", ""),
                    doubles(named.getValue().getArray())));
    return values;
  }

  /** The network of two convolutions as its definition reads, number by number. */
  private record Definition(Settings settings, Map<String, double[]> parameters, String order) {

    private double[] parameter(String name) {
      return parameters.entrySet().stream()
          .filter(named -> named.getKey().endsWith(name))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElseThrow();
    }

    double[] answer(double[] x, double[] time) {
      int size = (int) IMAGE.size();
      double[] all = new double[time.length * OUTPUTS * size];
      for (int b = 0; b < time.length; b++) {
        double[][][] image = new double[CHANNELS][HEIGHT][WIDTH];
        for (int i = 0; i < size; i++) {
          image[i / (HEIGHT * WIDTH)][i / WIDTH % HEIGHT][i % WIDTH] = x[b * size + i];
        }
        double[] one = answer(image, time[b]);
        System.arraycopy(one, 0, all, b * one.length, one.length);
      }
      return all;
    }

    private double[] answer(double[][][] image, double time) {
      double[][][] h = layer(layer(image, 1), 2);
      double[] dense = dense(image);
      double[] answer = new double[OUTPUTS * CHANNELS * HEIGHT * WIDTH];
      double[] bumps = bumps(time);
      for (int i = 0; i < HEIGHT; i++) {
        for (int j = 0; j < WIDTH; j++) {
          int pixel = i * WIDTH + j;
          double[] features = new double[5];
          for (int c = 0; c < 3; c++) {
            features[c] = h[c][i][j];
          }
          features[3] = dense[2 * pixel];
          features[4] = dense[2 * pixel + 1];
          double[] hidden = features;
          for (int layer = 1; layer <= settings.pixelLayers(); layer++) {
            hidden = bent(linear(hidden, "pixel" + layer, "pixel" + layer + "Bias", 3));
          }
          for (int k = 0; k < OUTPUTS * CHANNELS; k++) {
            double z = 0;
            for (int bump = 0; bump < 3; bump++) {
              double y = parameter("readoutBias")[bump * OUTPUTS * CHANNELS + k];
              int row = (bump * OUTPUTS * CHANNELS + k) * hidden.length;
              for (int u = 0; u < hidden.length; u++) {
                y += parameter("readout")[row + u] * hidden[u];
              }
              z += y * bumps[bump];
            }
            answer[k * HEIGHT * WIDTH + pixel] = z;
          }
        }
      }
      return answer;
    }

    private double[][][] layer(double[][][] input, int layer) {
      double[][][] sum = new double[3][HEIGHT][WIDTH];
      double[] bias = parameter("layer" + layer + "bias");
      for (int scale = 1; scale <= 3; scale++) {
        int which = order.equals("scale") ? scale : 4 - scale;
        double[] kernel = parameter("layer" + layer + "scale" + which);
        int factor = 1 << (scale - 1);
        for (int c = 0; c < 3; c++) {
          for (int i = 0; i < HEIGHT; i++) {
            for (int j = 0; j < WIDTH; j++) {
              sum[c][i][j] += convolved(input, kernel, c, i / factor, j / factor, factor);
            }
          }
        }
      }
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < HEIGHT; i++) {
          for (int j = 0; j < WIDTH; j++) {
            sum[c][i][j] = Math.log1p(Math.exp(sum[c][i][j] + bias[c]));
          }
        }
      }
      return sum;
    }

    /** At a pixel of the image that was averaged over squares of {@code factor} pixels. */
    private static double convolved(
        double[][][] input, double[] kernel, int out, int row, int column, int factor) {
      double sum = 0;
      for (int c = 0; c < input.length; c++) {
        for (int di = -1; di <= 1; di++) {
          for (int dj = -1; dj <= 1; dj++) {
            int index = ((out * input.length + c) * 3 + di + 1) * 3 + dj + 1;
            sum += kernel[index] * average(input[c], row + di, column + dj, factor);
          }
        }
      }
      return sum;
    }

    /** Zero outside of the image. */
    private static double average(double[][] image, int row, int column, int factor) {
      double sum = 0;
      for (int i = row * factor; i < (row + 1) * factor; i++) {
        for (int j = column * factor; j < (column + 1) * factor; j++) {
          if (i >= 0 && i < HEIGHT && j >= 0 && j < WIDTH) {
            sum += image[i][j];
          }
        }
      }
      return sum / (factor * factor);
    }

    private double[] dense(double[][][] image) {
      double[] flat = new double[(int) IMAGE.size()];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = image[i / (HEIGHT * WIDTH)][i / WIDTH % HEIGHT][i % WIDTH];
      }
      double[] hidden = bent(linear(flat, "dense1", "dense1Bias", 4));
      return bent(linear(hidden, "spread", "spreadBias", HEIGHT * WIDTH * 2));
    }

    private double[] linear(double[] x, String weight, String bias, int outputs) {
      double[] y = new double[outputs];
      for (int o = 0; o < outputs; o++) {
        y[o] = parameter(bias)[o];
        for (int i = 0; i < x.length; i++) {
          y[o] += parameter(weight)[o * x.length + i] * x[i];
        }
      }
      return y;
    }

    private double[] bent(double[] x) {
      boolean tanh = settings.denseActivation() == Activation.TANH;
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        y[i] = tanh ? Math.tanh(x[i]) : x[i] / (1 + Math.exp(-x[i]));
      }
      return y;
    }

    /** Normal densities about 0, 1/2 and 1 with a deviation of 1/2, divided by their sum. */
    private static double[] bumps(double time) {
      double[] g = new double[3];
      double sum = 0;
      for (int j = 0; j < 3; j++) {
        g[j] = Math.exp(-0.5 * Math.pow((time - 0.5 * j) / 0.5, 2));
        sum += g[j];
      }
      for (int j = 0; j < 3; j++) {
        g[j] /= sum;
      }
      return g;
    }
  }
}
