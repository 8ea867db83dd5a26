package org.dpm.standard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Which elements of a flat example belong to which group of variables: arrays taken apart by group,
 * and put together again.
 */
final class Groups {

  /** Neighbouring elements of one group. */
  private record Stretch(int group, int length) {}

  private final List<Stretch> stretches = new ArrayList<>();
  private final long[] boundaries;
  private final int count;

  /**
   * @param groups of each variable in their order, from 0
   * @param lengths how many elements each variable has
   */
  Groups(int[] groups, int[] lengths) {
    int most = 0;
    for (int i = 0; i < groups.length; i++) {
      int last = stretches.size() - 1;
      if (last >= 0 && stretches.get(last).group() == groups[i]) {
        stretches.set(last, new Stretch(groups[i], stretches.get(last).length() + lengths[i]));
      } else {
        stretches.add(new Stretch(groups[i], lengths[i]));
      }
      most = Math.max(most, groups[i] + 1);
    }
    count = most;
    boundaries = new long[stretches.size() - 1];
    long sum = 0;
    for (int i = 0; i < boundaries.length; i++) {
      sum += stretches.get(i).length();
      boundaries[i] = sum;
    }
  }

  int count() {
    return count;
  }

  /** The parts of [..., elements] that belong to each group. */
  List<NDArray> apart(NDArray whole) {
    if (stretches.size() == 1) {
      return List.of(whole);
    }
    int axis = whole.getShape().dimension() - 1;
    NDList pieces = whole.split(boundaries, axis);
    List<NDList> parts = new ArrayList<>();
    for (int group = 0; group < count; group++) {
      parts.add(new NDList());
    }
    for (int i = 0; i < pieces.size(); i++) {
      parts.get(stretches.get(i).group()).add(pieces.get(i));
    }
    return parts.stream()
        .map(part -> part.size() == 1 ? part.get(0) : NDArrays.concat(part, axis))
        .toList();
  }

  /** [..., elements] from a part for each group. */
  NDArray together(IntFunction<NDArray> part) {
    if (stretches.size() == 1) {
      return part.apply(0);
    }
    List<NDList> pieces = new ArrayList<>();
    for (int group = 0; group < count; group++) {
      NDArray own = part.apply(group);
      pieces.add(own.split(boundariesOf(group), own.getShape().dimension() - 1));
    }
    int[] next = new int[count];
    NDList ordered = new NDList();
    for (Stretch stretch : stretches) {
      ordered.add(pieces.get(stretch.group()).get(next[stretch.group()]++));
    }
    return NDArrays.concat(ordered, ordered.get(0).getShape().dimension() - 1);
  }

  private long[] boundariesOf(int group) {
    List<Long> ends = new ArrayList<>();
    long sum = 0;
    for (Stretch stretch : stretches) {
      if (stretch.group() == group) {
        sum += stretch.length();
        ends.add(sum);
      }
    }
    return ends.stream().limit(ends.size() - 1L).mapToLong(Long::longValue).toArray();
  }
}
