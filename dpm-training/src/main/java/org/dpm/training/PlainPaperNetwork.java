package org.dpm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * The paper's image network at the published sizes, written down with DJL's own layers as its
 * description reads: the measure of what our own version gains. It is never used to learn anything.
 */
final class PlainPaperNetwork extends AbstractBlock {

  private static final int LAYERS = 4;
  private static final int CHANNELS = 20;
  private static final int SCALES = 3;
  private static final int DENSE_LAYERS = 4;
  private static final int DENSE_WIDTH = 500;
  private static final int DENSE_CHANNELS = 2;
  private static final int PIXEL_LAYERS = 2;
  private static final int PIXEL_WIDTH = 20;
  private static final int BUMPS = 10;
  private static final int NEAREST = 0;

  private final Shape element;
  private final int outputs;
  private final Block features;
  private final Block pixels;

  PlainPaperNetwork(Shape element, int outputs) {
    this.element = element;
    this.outputs = outputs;
    ParallelBlock both =
        new ParallelBlock(
            ends ->
                new NDList(NDArrays.concat(new NDList(ends.get(0).head(), ends.get(1).head()), 1)));
    both.add(convolutions(element)).add(dense(element));
    features = addChildBlock("features", both);
    pixels = addChildBlock("pixels", pixels(outputs * element.get(0)));
  }

  private static Block convolutions(Shape element) {
    long[] size = {element.get(1), element.get(2)};
    SequentialBlock layers = new SequentialBlock();
    for (int layer = 0; layer < LAYERS; layer++) {
      ParallelBlock scales =
          new ParallelBlock(
              ends ->
                  new NDList(ends.stream().map(NDList::head).reduce(NDArray::add).orElseThrow()));
      scales.add(convolution(3, CHANNELS, true));
      for (int scale = 1; scale < SCALES; scale++) {
        Shape square = new Shape(1L << scale, 1L << scale);
        scales.add(
            new SequentialBlock()
                .add(Pool.avgPool2dBlock(square, square))
                .add(convolution(3, CHANNELS, false))
                .add(
                    LambdaBlock.singleton(
                        x -> x.getNDArrayInternal().interpolation(size, NEAREST, false))));
      }
      layers.add(scales).add(Activation.softPlusBlock());
    }
    return layers;
  }

  private static Block convolution(int kernel, int channels, boolean bias) {
    return Conv2d.builder()
        .setKernelShape(new Shape(kernel, kernel))
        .setFilters(channels)
        .optPadding(new Shape(kernel / 2, kernel / 2))
        .optBias(bias)
        .build();
  }

  private static Block dense(Shape element) {
    SequentialBlock layers = new SequentialBlock().add(Blocks.batchFlattenBlock());
    for (int layer = 0; layer < DENSE_LAYERS; layer++) {
      layers.add(Linear.builder().setUnits(DENSE_WIDTH).build()).add(Activation.tanhBlock());
    }
    long pixels = element.get(1) * element.get(2);
    return layers
        .add(Linear.builder().setUnits(DENSE_CHANNELS * pixels).build())
        .add(Activation.tanhBlock())
        .addSingleton(x -> x.reshape(-1, DENSE_CHANNELS, element.get(1), element.get(2)));
  }

  private static Block pixels(long outputs) {
    SequentialBlock layers = new SequentialBlock();
    for (int layer = 0; layer < PIXEL_LAYERS; layer++) {
      layers.add(convolution(1, PIXEL_WIDTH, true)).add(Activation.tanhBlock());
    }
    return layers.add(convolution(1, Math.toIntExact(BUMPS * outputs), true));
  }

  /** How many weights the network has for images of this shape. */
  static long weights(Shape element, int outputs) {
    long inputs = element.size();
    long readouts = element.get(0) * outputs * BUMPS;
    long kernels = element.get(0) + (LAYERS - 1) * CHANNELS;
    long convolutions = LAYERS * CHANNELS + SCALES * 9L * CHANNELS * kernels;
    long spread = DENSE_CHANNELS * element.get(1) * element.get(2);
    long hidden = (DENSE_LAYERS - 1) * (DENSE_WIDTH + 1L) * DENSE_WIDTH;
    long dense = (inputs + 1) * DENSE_WIDTH + hidden + (DENSE_WIDTH + 1L) * spread;
    long pixels =
        (CHANNELS + DENSE_CHANNELS + 1L) * PIXEL_WIDTH
            + (PIXEL_LAYERS - 1) * (PIXEL_WIDTH + 1L) * PIXEL_WIDTH
            + (PIXEL_WIDTH + 1L) * readouts;
    return convolutions + dense + pixels;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDArray x = inputs.get(0);
    long batch = x.getShape().get(0);
    NDList joined = features.forward(parameterStore, new NDList(x), training);
    NDArray y = pixels.forward(parameterStore, joined, training).singletonOrThrow();
    NDArray each = y.reshape(batch, BUMPS, outputs * element.size());
    NDArray bumps = bumps(inputs.get(1)).reshape(batch, BUMPS, 1);
    NDArray answer = each.mul(bumps).sum(new int[] {1});
    return new NDList(answer.reshape(new Shape(batch, outputs).addAll(element)));
  }

  private static NDArray bumps(NDArray time) {
    NDArray centres = time.getManager().arange(BUMPS).toType(time.getDataType(), false);
    NDArray distance = time.reshape(-1, 1).mul(BUMPS - 1).sub(centres);
    return distance.square().mul(-0.5).softmax(1);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    Shape image = new Shape(1).addAll(element);
    features.initialize(manager, type, image);
    pixels.initialize(
        manager, type, new Shape(1, CHANNELS + DENSE_CHANNELS, element.get(1), element.get(2)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs).addAll(element)};
  }
}
