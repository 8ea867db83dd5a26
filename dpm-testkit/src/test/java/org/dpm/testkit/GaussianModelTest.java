package org.dpm.testkit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.dpm.api.ForwardKernel;

final class GaussianModelTest extends ForwardKernelContract {
  @Override
  protected ForwardKernel kernel() {
    return new GaussianModel.Forward();
  }

  @Override
  protected NDArray data(NDManager manager) {
    return KnownModel.gaussian().data(manager);
  }
}
