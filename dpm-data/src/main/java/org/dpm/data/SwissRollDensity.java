package org.dpm.data;

import static org.dpm.data.SwissRoll.FIRST_ANGLE;
import static org.dpm.data.SwissRoll.LAST_ANGLE;

import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * The density of the swiss roll with noise, p(x) = 1/(3 pi) int N(x; roll(phi), noise^2 I) dphi
 * over phi from 1.5 pi to 4.5 pi.
 *
 * <p>The roll is halved until the logarithm of the integrand varies by no more than a few nats over
 * a panel, which makes panels short where the noise is small and where the point is far away, and
 * each panel is integrated by Gauss's rule. Panels that are too far from the point to matter are
 * dropped as soon as that is known. The error is below 1e-8 nats.
 */
final class SwissRollDensity {

  /** Nodes for each panel. */
  private static final int NODES = 12;

  /** How much the logarithm of the integrand may vary over a panel, in nats. */
  private static final double VARIATION = 8;

  /** Panels this many nats below the largest value seen are dropped: exp(-45) is 3e-20. */
  private static final double NEGLIGIBLE = 45;

  /** Panels to begin with: a quarter turn each, over which the roll bends one way. */
  private static final int PANELS = 6;

  private final double noise;
  private final double logScale;
  private final GaussIntegrator rule = new GaussIntegratorFactory().legendre(NODES);

  SwissRollDensity(double noise) {
    this.noise = noise;
    this.logScale =
        -Math.log(LAST_ANGLE - FIRST_ANGLE) - Math.log(2 * Math.PI) - 2 * Math.log(noise);
  }

  /** In nats; NaN where an argument is NaN or infinite. */
  double log(double x, double y) {
    if (!Double.isFinite(x) || !Double.isFinite(y)) {
      return Double.NaN;
    }
    Integral integral = new Integral(x, y);
    double width = (LAST_ANGLE - FIRST_ANGLE) / PANELS;
    for (int i = 0; i < PANELS; i++) {
      integral.see(FIRST_ANGLE + (i + 0.5) * width);
    }
    for (int i = 0; i < PANELS; i++) {
      integral.add(FIRST_ANGLE + i * width, FIRST_ANGLE + (i + 1) * width);
    }
    return logScale + integral.log();
  }

  /** The integral for one point, kept as sum e^largest so that it cannot underflow. */
  private final class Integral {

    private final double x;
    private final double y;
    private double largest = Double.NEGATIVE_INFINITY;
    private double sum;

    Integral(double x, double y) {
      this.x = x;
      this.y = y;
    }

    double log() {
      return largest + Math.log(sum);
    }

    /** The point's distance from the roll at an angle; a value seen makes others negligible. */
    double see(double angle) {
      double distance = Math.hypot(x - angle * Math.cos(angle), y - angle * Math.sin(angle));
      double value = logIntegrand(distance);
      if (value > largest) {
        sum *= Math.exp(largest - value);
        largest = value;
      }
      return distance;
    }

    void add(double from, double to) {
      double middle = (from + to) / 2;
      double distance = see(middle);
      // The roll moves by sqrt(1 + phi^2) for each unit of its angle phi.
      double speed = Math.hypot(1, to);
      double reach = speed * (to - from) / 2;
      if (logIntegrand(Math.max(0, distance - reach)) < largest - NEGLIGIBLE) {
        return;
      }
      double variation = (distance + reach) / noise * (2 * reach / noise);
      // Far away, where halving would no longer change the distance, nothing is left to resolve.
      if (variation <= VARIATION || reach <= 1e-12 * distance) {
        integrate(middle, (to - from) / 2);
      } else {
        add(from, middle);
        add(middle, to);
      }
    }

    private void integrate(double middle, double half) {
      for (int i = 0; i < NODES; i++) {
        double distance = see(middle + half * rule.getPoint(i));
        sum += half * rule.getWeight(i) * Math.exp(logIntegrand(distance) - largest);
      }
    }

    private double logIntegrand(double distance) {
      double deviations = distance / noise;
      return -deviations * deviations / 2;
    }
  }
}
