package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.stream.Stream;
import org.dpm.api.Diffusion;
import org.dpm.api.Distribution;
import org.dpm.api.Noise;
import org.dpm.api.Progress;
import org.dpm.api.Sampler;
import org.dpm.api.Start;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The contract of samplers catches")
final class BrokenSamplersTest {

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("that ignores its noise", WithoutNoise.class, "followsItsNoise"),
        Arguments.of("that stops early", StopsEarly.class, "drawsFromTheModel"),
        Arguments.of("that takes means", TakesMeans.class, "drawsFromTheModel"),
        Arguments.of(
            "that returns the mean at its last step", LastStepIsAMean.class, "drawsFromTheModel"),
        Arguments.of("that begins elsewhere", BeginsElsewhere.class, "beginsWhereItIsTold"),
        Arguments.of("that draws everything twice", Twice.class, "examplesAreIndependent"),
        Arguments.of("that draws otherwise among more", ByCount.class, "fewAreTheBeginningOfMany"),
        Arguments.of("that draws one too many", OneTooMany.class, "countAndShape"),
        Arguments.of("that leaves arrays behind", LeavesRubbish.class, "countAndShape"),
        Arguments.of("that shows no end", ShowsNoEnd.class, "tellsItsProgress"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  @DisplayName("a sampler")
  void catches(String what, Class<?> contract, String test) {
    Verdict.assertCaught(what, contract, test);
  }

  private abstract static class Almost extends SamplerContract implements Sampler {

    final Sampler right = new RightOnesTest.Ancestral();

    @Override
    protected final Sampler sampler() {
      return this;
    }

    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      return right.sample(owner, start, diffusion, noise, progress);
    }
  }

  static final class WithoutNoise extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      return right.sample(owner, start, diffusion, Noise.of(0, "always the same"), progress);
    }
  }

  /** Hands out what stands halfway. */
  static final class StopsEarly extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      NDArray[] kept = new NDArray[1];
      Progress halfway =
          new Progress() {
            @Override
            public void report(double done) {}

            @Override
            public void state(NDArray x, double time) {
              if (kept[0] == null && time < 0.7) {
                kept[0] = x.duplicate();
                NDScope.unregister(kept[0]);
              }
            }
          };
      right.sample(owner, start, diffusion, noise, halfway).close();
      kept[0].attach(owner);
      return kept[0];
    }
  }

  static final class TakesMeans extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      return new RightOnesTest.Ancestral() {
        @Override
        NDArray step(Distribution back, Noise own, boolean last) {
          return back.mean();
        }
      }.sample(owner, start, diffusion, noise, progress);
    }
  }

  static final class LastStepIsAMean extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      return new RightOnesTest.Ancestral() {
        @Override
        NDArray step(Distribution back, Noise own, boolean last) {
          return last ? back.mean() : super.step(back, own, last);
        }
      }.sample(owner, start, diffusion, noise, progress);
    }
  }

  static final class BeginsElsewhere extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      if (start instanceof Start.At at) {
        return right.sample(owner, new Start.At(at.x(), 1), diffusion, noise, progress);
      }
      return right.sample(owner, start, diffusion, noise, progress);
    }
  }

  static final class Twice extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      int[] rows = new int[Math.toIntExact(start.count())];
      Arrays.setAll(rows, i -> i / 2);
      return right.sample(owner, start, diffusion, noise.subset(rows), progress);
    }
  }

  static final class ByCount extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      return right.sample(owner, start, diffusion, noise.child("" + start.count()), progress);
    }
  }

  static final class OneTooMany extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      return right.sample(owner, new Start.End(start.count() + 1), diffusion, noise, progress);
    }
  }

  static final class LeavesRubbish extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      return super.sample(owner, start, diffusion, noise, progress).mul(1);
    }
  }

  static final class ShowsNoEnd extends Almost {
    @Override
    public NDArray sample(
        NDManager owner, Start start, Diffusion diffusion, Noise noise, Progress progress) {
      Progress endless =
          new Progress() {
            @Override
            public void report(double done) {
              progress.report(done);
            }

            @Override
            public void state(NDArray x, double time) {
              if (time > 0) {
                progress.state(x, time);
              }
            }
          };
      return right.sample(owner, start, diffusion, noise, endless);
    }
  }
}
