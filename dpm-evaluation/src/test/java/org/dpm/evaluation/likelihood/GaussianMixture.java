package org.dpm.evaluation.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dpm.api.DiagonalGaussian;
import org.dpm.api.Diffusion;
import org.dpm.api.Diffusion.LastStep;
import org.dpm.api.Distribution;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianStage;
import org.dpm.api.Grid;
import org.dpm.api.Noise;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Schedule;
import org.dpm.api.Stage;
import org.dpm.testkit.KnownModel;

/**
 * Data from a mixture of Gaussians, equally likely, for which Bayes' rule gives the first two
 * moments of what is believed of x_0 in closed form: all that there is to know for one component.
 */
record GaussianMixture(List<Component> components) {

  /** N(mean, variance) in each of its dimensions. */
  record Component(List<Double> mean, List<Double> variance) {}

  /** From nearly all signal to nearly all noise: abar from 0.9999 to 0.0001. */
  static final Schedule SCHEDULE = time -> time.mul(-18.4).add(9.2);

  static GaussianMixture gaussian(int dimensions) {
    List<Double> mean = Stream.iterate(0.4, m -> -0.7 * m).limit(dimensions).toList();
    List<Double> variance = Stream.iterate(0.1, v -> 0.3 + 0.6 * v).limit(dimensions).toList();
    return new GaussianMixture(List.of(new Component(mean, variance)));
  }

  /** Three in the plane, that overlap. */
  static GaussianMixture three() {
    return new GaussianMixture(
        List.of(
            new Component(List.of(-0.9, 0.3), List.of(0.05, 0.1)),
            new Component(List.of(0.8, -0.4), List.of(0.1, 0.3)),
            new Component(List.of(0.3, 1.2), List.of(0.1, 0.05))));
  }

  int dimensions() {
    return components.get(0).mean().size();
  }

  /** Variance preserving. */
  static ForwardKernel forward() {
    return KnownModel.gaussian().diffusion(Grid.even(2), (x, time, condition) -> x).forward();
  }

  Diffusion diffusion(int steps) {
    return diffusion(steps, forward());
  }

  /** On the path of a Gaussian kernel. */
  Diffusion diffusion(int steps, ForwardKernel forward) {
    return diffusion(steps, SCHEDULE, forward, new Exact(forward, 0));
  }

  /**
   * @param bias by which what is believed of x_0 is off
   */
  Diffusion biased(int steps, double bias) {
    return diffusion(steps, SCHEDULE, forward(), new Exact(forward(), bias));
  }

  Diffusion diffusion(int steps, Schedule schedule, ForwardKernel forward, ReverseKernel reverse) {
    return new Diffusion(
        new Shape(dimensions()),
        Grid.even(steps),
        LastStep.LEARNED,
        schedule,
        forward,
        reverse,
        (x, time, condition) -> x.expandDims(1));
  }

  NDArray draw(NDManager manager, int count, Noise noise) {
    float[] values = new float[count * dimensions()];
    for (int i = 0; i < values.length; i++) {
      Component component = components.get(i / dimensions() % components.size());
      int j = i % dimensions();
      double deviation = Math.sqrt(component.variance().get(j));
      values[i] = (float) (component.mean().get(j) + deviation * noise.gaussian());
    }
    return manager.create(values, new Shape(count, dimensions()));
  }

  /** The same with independent noise added. */
  GaussianMixture blurred(double variance) {
    return new GaussianMixture(
        components.stream()
            .map(
                c -> new Component(c.mean(), c.variance().stream().map(v -> v + variance).toList()))
            .toList());
  }

  /** log p(x_0) in nats of each example. */
  double[] logDensity(NDArray data) {
    NDArray x = data.toType(DataType.FLOAT64, true);
    NDArray density = x.getManager().zeros(new Shape(x.getShape().get(0)), DataType.FLOAT64);
    for (Component component : components) {
      Distribution normal =
          DiagonalGaussian.of(
              row(x, component.mean()).add(x.zerosLike()), row(x, component.variance()));
      density = density.add(Distribution.perExample(normal.logProbability(x)).exp());
    }
    return density.div(components.size()).log().toDoubleArray();
  }

  private static NDArray row(NDArray like, List<Double> values) {
    double[] row = values.stream().mapToDouble(Double::doubleValue).toArray();
    return like.getManager()
        .create(row, new Shape(1, row.length))
        .toType(like.getDataType(), false);
  }

  ReverseKernel exact(ForwardKernel forward) {
    return new Exact(forward, 0);
  }

  /** Mean and variance of x_0 given x_t = a x_0 + s e. */
  private final class Exact implements ReverseKernel {

    private final ForwardKernel forward;
    private final double bias;

    Exact(ForwardKernel forward, double bias) {
      this.forward = forward;
      this.bias = bias;
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public DiagonalGaussian data(NDArray current, NDArray output, Stage stage) {
      GaussianStage at = GaussianStage.of(forward.path().orElseThrow(), stage);
      List<NDArray> logs = new ArrayList<>();
      List<NDArray> means = new ArrayList<>();
      List<NDArray> variances = new ArrayList<>();
      for (Component component : components) {
        NDArray m = row(current, component.mean());
        NDArray v = row(current, component.variance());
        NDArray seen = v.mul(at.signal().square()).add(at.noiseVariance());
        NDArray surprise = current.sub(m.mul(at.signal()));
        Distribution marginal = DiagonalGaussian.of(m.mul(at.signal()), seen);
        logs.add(marginal.logProbability(current).sum(new int[] {1}, true));
        means.add(surprise.mul(v).mul(at.signal()).div(seen).add(m));
        variances.add(v.mul(at.noiseVariance()).div(seen));
      }
      // The most likely component's share is one: none of many dimensions can round all to zero.
      NDArray most = logs.stream().reduce(NDArrays::maximum).orElseThrow().stopGradient();
      List<NDArray> shares = logs.stream().map(log -> log.sub(most).exp()).toList();
      NDArray mean = average(shares, means);
      List<NDArray> spreads = new ArrayList<>();
      for (int i = 0; i < shares.size(); i++) {
        spreads.add(variances.get(i).add(means.get(i).sub(mean).square()));
      }
      return DiagonalGaussian.of(mean.add(bias), average(shares, spreads));
    }

    private static NDArray average(List<NDArray> shares, List<NDArray> values) {
      NDArray total = shares.stream().reduce(NDArray::add).orElseThrow();
      NDArray sum = values.get(0).mul(shares.get(0));
      for (int i = 1; i < values.size(); i++) {
        sum = sum.add(values.get(i).mul(shares.get(i)));
      }
      return sum.div(total);
    }

    @Override
    public Distribution transition(NDArray current, NDArray output, Stage stage) {
      return forward.posterior(data(current, output, stage), current, stage);
    }
  }
}
