package org.dpm.posterior;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dpm.api.Prior;
import org.dpm.api.Stage;
import org.dpm.core.Scaling;

/** What is there of each of several examples, one for each run. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GivenRows(Scaling scaling, float[][] rows) implements Prior {

  @Override
  public Optional<Known> known(NDArray like) {
    int size = rows[0].length;
    float[] values = new float[rows.length * size];
    float[] mask = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      float value = rows[i / size][i % size];
      boolean missing = Float.isNaN(value);
      values[i] = missing ? 0 : (float) scaling.toModel(i % size, value);
      mask[i] = missing ? 0 : 1;
    }
    return Optional.of(
        new Known(
            like.getManager().create(values, like.getShape()),
            like.getManager().create(mask, like.getShape())));
  }

  @Override
  public NDArray logDensity(NDArray x, Stage stage) {
    throw new IllegalStateException("what is known is conditioned on");
  }

  /** Together with another. */
  Prior with(Prior other) {
    List<Prior> parts = Stream.concat(Stream.of((Prior) this), other.parts().stream()).toList();
    return new Prior() {
      @Override
      public List<Prior> parts() {
        return parts;
      }

      @Override
      public NDArray logDensity(NDArray x, Stage stage) {
        throw new IllegalStateException("its parts are asked");
      }
    };
  }
}
