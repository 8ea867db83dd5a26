package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.api.Space;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Dead leaves")
class DeadLeavesTest {

  private static final int SIZE = 8;
  private static final double SMALLEST = 1;
  private static final double LARGEST = 6;

  @Nested
  @DisplayName("have radii")
  class Radii {

    private static final int COUNT = 20_000;

    /** The statistic of Kolmogorov and Smirnov times the root of the count exceeds it in 0.1%. */
    private static final double CRITICAL = 1.95;

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 2.5, 3, 4})
    @DisplayName("that follow the power law, and no other")
    void powerLaw(double exponent) {
      assertThat(distance(exponent, exponent)).isLessThan(CRITICAL);
      assertThat(distance(exponent, exponent + 0.2)).isGreaterThan(CRITICAL);
    }

    private double distance(double exponent, double claimed) {
      FallingLeaves leaves = new FallingLeaves(32, exponent, 2, 16);
      Noise noise = Noise.of(1, "radii");
      double[] radii = DoubleStream.generate(() -> leaves.radius(noise)).limit(COUNT).toArray();
      Arrays.sort(radii);
      assertThat(radii[0]).isGreaterThanOrEqualTo(2);
      assertThat(radii[COUNT - 1]).isLessThanOrEqualTo(16);
      double largest = 0;
      for (int i = 0; i < COUNT; i++) {
        double smaller = integral(radii[i], claimed) / integral(16, claimed);
        double here = Math.max(smaller - (double) i / COUNT, (i + 1.0) / COUNT - smaller);
        largest = Math.max(largest, here);
      }
      return largest * Math.sqrt(COUNT);
    }

    /** Of r^-exponent from 2. */
    private static double integral(double radius, double exponent) {
      double power = 1 - exponent;
      return power == 0
          ? Math.log(radius / 2)
          : (Math.pow(radius, power) - Math.pow(2, power)) / power;
    }
  }

  /**
   * Two pixels at a distance show the same leaf with a probability in closed form: with A the mean
   * area of a leaf and B that of what it shares with itself moved by the distance, it is B / (2 A -
   * B), wherever the pixels are. This holds the power law, the occlusion and the border to account.
   */
  @Nested
  @DisplayName("show one leaf at two pixels as often as geometry says")
  class Geometry {

    private static final int IMAGES = 20_000;

    /** Of a standard normal number; 26 of them leave it once in 600 times. */
    private static final double STANDARD_ERRORS = 4;

    @Test
    @DisplayName("at the border and in the middle, at every distance, and for no other exponent")
    void anywhere() {
      List<byte[]> images = images(new FallingLeaves(SIZE, 3, SMALLEST, LARGEST)::image);
      for (int distance : new int[] {1, 2, 4, 7}) {
        for (int line : new int[] {0, SIZE / 2, SIZE - 1}) {
          double across = deviation(images, 3, line * SIZE, distance, 1);
          double down = deviation(images, 3, line, distance, SIZE);
          assertThat(Math.max(Math.abs(across), Math.abs(down))).isLessThan(STANDARD_ERRORS);
        }
      }
      assertThat(Math.abs(deviation(images, 2.5, 0, 1, 1))).isGreaterThan(2 * STANDARD_ERRORS);
    }

    @Test
    @DisplayName("and would not if leaves came from inside only, or fell until all is covered")
    void broken() {
      // The same picture, painted in the plainest way, so that it can be spoilt.
      assertThat(Math.abs(painted(LARGEST, false))).isLessThan(STANDARD_ERRORS);
      assertThat(Math.abs(painted(0, false))).isGreaterThan(2 * STANDARD_ERRORS);
      assertThat(Math.abs(painted(LARGEST, true))).isGreaterThan(2 * STANDARD_ERRORS);
    }

    private static double painted(double margin, boolean upon) {
      return deviation(images(noise -> painted(noise, margin, upon)), 3, 0, 2, 1);
    }

    private static List<byte[]> images(Function<Noise, byte[]> draw) {
      return IntStream.range(0, IMAGES)
          .mapToObj(i -> draw.apply(Noise.of(5, "geometry").from(i)))
          .toList();
    }

    private static byte[] painted(Noise noise, double margin, boolean upon) {
      FallingLeaves leaves = new FallingLeaves(SIZE, 3, SMALLEST, LARGEST);
      byte[] levels = new byte[SIZE * SIZE];
      boolean[] taken = new boolean[SIZE * SIZE];
      int open = SIZE * SIZE;
      while (open > 0) {
        double x = noise.uniform() * (SIZE + 2 * margin) - margin;
        double y = noise.uniform() * (SIZE + 2 * margin) - margin;
        double radius = leaves.radius(noise);
        byte level = (byte) (256 * noise.uniform());
        for (int i = 0; i < SIZE * SIZE; i++) {
          int row = i / SIZE;
          boolean covered = square(i % SIZE + 0.5 - x) + square(row + 0.5 - y) <= square(radius);
          if (covered && (upon || !taken[i])) {
            levels[i] = level;
            open -= taken[i] ? 0 : 1;
            taken[i] = true;
          }
        }
      }
      return levels;
    }

    private static double square(double length) {
      return length * length;
    }

    /** How far the count of equal levels is from its mean, in standard errors. */
    private static double deviation(
        List<byte[]> images, double exponent, int pixel, int distance, int step) {
      double leaf = sharing(exponent, distance);
      // Different leaves may have the same level.
      double expected = leaf + (1 - leaf) / 256;
      long same =
          images.stream()
              .filter(levels -> levels[pixel] == levels[pixel + distance * step])
              .count();
      double error = Math.sqrt(expected * (1 - expected) / IMAGES);
      return ((double) same / IMAGES - expected) / error;
    }

    private static double sharing(double exponent, double distance) {
      double shared = 0;
      double area = 0;
      int cells = 20_000;
      for (int i = 0; i < cells; i++) {
        double radius = SMALLEST + (LARGEST - SMALLEST) * (i + 0.5) / cells;
        double weight = Math.pow(radius, -exponent);
        area += weight * lens(radius, 0);
        shared += weight * lens(radius, distance);
      }
      return shared / (2 * area - shared);
    }

    /** Area that two disks of a radius share when their centres are so far apart. */
    private static double lens(double radius, double distance) {
      if (distance >= 2 * radius) {
        return 0;
      }
      return 2 * radius * radius * Math.acos(distance / (2 * radius))
          - distance / 2 * Math.sqrt(4 * radius * radius - distance * distance);
    }
  }

  @Nested
  @DisplayName("have grey levels")
  class Levels {

    private static final int LEVELS = 256;
    private static final int COUNT = 50_000;

    @Test
    @DisplayName("from 0 to 255, each as likely as the others, at the first pixel and the last")
    void uniform() {
      FallingLeaves leaves = new FallingLeaves(4, 3, 1, 4);
      double critical = new ChiSquaredDistribution(LEVELS - 1).inverseCumulativeProbability(0.9999);
      for (int pixel : new int[] {0, 15}) {
        int[] levels =
            IntStream.range(0, COUNT)
                .map(i -> leaves.image(Noise.of(2, "levels").from(i))[pixel] & 0xff)
                .toArray();
        assertThat(chiSquare(levels)).isLessThan(critical);
        // White that never comes, or pixels that were left out, would be found.
        assertThat(chiSquare(IntStream.of(levels).map(level -> Math.min(level, 254)).toArray()))
            .isGreaterThan(critical);
        levels = IntStream.of(levels).map(level -> level == 7 ? 0 : level).toArray();
        assertThat(chiSquare(levels)).isGreaterThan(critical);
      }
    }

    private static double chiSquare(int... levels) {
      double[] counts = new double[LEVELS];
      for (int level : levels) {
        counts[level]++;
      }
      double expected = (double) COUNT / LEVELS;
      return DoubleStream.of(counts).map(n -> (n - expected) * (n - expected) / expected).sum();
    }
  }

  @Nested
  @DisplayName("are a data source")
  class Source {

    @Test
    @DisplayName("whose images are fixed by seed, set and number, whatever else is drawn")
    void repeats() {
      DataSource source = source(1, 1, 30, 10, false);
      assertThat(Sources.shape(source)).isEqualTo(new Shape(1, 16, 16));
      assertThat(source.count(Split.TRAINING)).isEqualTo(30);
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(10);
      DataSource fewer = source(1, 3, 5, 10, false);
      assertThat(Sources.example(fewer, Split.TRAINING, 4))
          .isEqualTo(Sources.example(source, Split.TRAINING, 4));
      assertThat(Sources.example(fewer, Split.HELD_OUT, 4))
          .isNotEqualTo(Sources.example(source, Split.HELD_OUT, 4));
      assertThat(Sources.example(source(2, 1, 5, 10, false), Split.TRAINING, 4))
          .isNotEqualTo(Sources.example(source, Split.TRAINING, 4));
      assertThat(Sources.example(source(2, 1, 5, 10, false), Split.HELD_OUT, 4))
          .isEqualTo(Sources.example(source, Split.HELD_OUT, 4));
    }

    @Test
    @DisplayName("whose held-out images are none of the training ones, even with the same seed")
    void heldOut() {
      DataSource source = source(1, 1, 10, 10, false);
      for (int i = 0; i < 10; i++) {
        assertThat(Sources.example(source, Split.HELD_OUT, i))
            .isNotEqualTo(Sources.example(source, Split.TRAINING, i));
      }
    }

    @Test
    @DisplayName("that adds noise below one level unless it shall not")
    void dequantises() {
      DataSource exact = source(1, 2, 4, 4, false);
      DataSource source = source(1, 2, 4, 4, true);
      assertThat(Sources.space(exact)).isEqualTo(new Space.Real(0));
      assertThat(Sources.space(source)).isEqualTo(new Space.Real(1));
      float[] levels = Sources.example(exact, Split.TRAINING, 3);
      float[] values = Sources.example(source, Split.TRAINING, 3);
      for (int i = 0; i < values.length; i++) {
        assertThat(levels[i]).isEqualTo((float) Math.floor(values[i])).isBetween(0f, 255f);
      }
      assertThat(values).isNotEqualTo(levels);
    }

    @Test
    @DisplayName("that refuses leaves which make no picture")
    void settings() {
      assertRefused(0, 3, 2, 16, "size must be from 1 to 1024, but is 0");
      assertRefused(32, -1, 2, 16, "exponent must be from 0 to 10, but is -1.0");
      assertRefused(32, Double.NaN, 2, 16, "exponent must be from 0 to 10, but is NaN");
      assertRefused(32, 3, 0.5, 16, "minimumRadius must be at least 1, but is 0.5");
      assertRefused(
          32, 3, 4, 3, "maximumRadius must be at least minimumRadius, which is 4.0, but is 3.0");
      assertRefused(
          8, 3, 2, 33, "maximumRadius must be at most 4 times size, which is 8, but is 33.0");
      assertThatThrownBy(() -> source(1, 1, 1, 1, true))
          .hasMessage("count must be at least 2, but is 1");
      assertThatThrownBy(() -> source(1, 1, 2, 0, true))
          .hasMessage("heldOut must be at least 1, but is 0");
    }

    private void assertRefused(
        int size, double exponent, double minimum, double maximum, String message) {
      assertThatThrownBy(
              () -> new DeadLeaves.Settings(size, exponent, minimum, maximum, 2, 1, 1, 2, true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }

    private static DataSource source(
        long seed, long heldOutSeed, int count, int heldOut, boolean dequantise) {
      return new DeadLeaves(
          new DeadLeaves.Settings(16, 3, 2, 8, count, heldOut, seed, heldOutSeed, dequantise));
    }
  }
}
