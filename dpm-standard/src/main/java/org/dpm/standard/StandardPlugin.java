package org.dpm.standard;

import com.google.auto.service.AutoService;
import java.util.List;
import org.dpm.api.DpmPlugin;
import org.dpm.api.Extension;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Objective;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;

/** Schedules, objectives and a sampler that know nothing of the kernel they are used with. */
@AutoService(DpmPlugin.class)
public final class StandardPlugin implements DpmPlugin {

  @Override
  public String id() {
    return "standard";
  }

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            ForwardKernel.class,
            "mixed",
            MixedForwardKernel.Settings.class,
            MixedForwardKernel.class),
        new Extension<>(
            ReverseKernel.class,
            "mixed",
            MixedReverseKernel.Settings.class,
            MixedReverseKernel.class),
        new Extension<>(
            Schedule.class,
            "constant-fraction",
            ConstantFractionSchedule.Settings.class,
            ConstantFractionSchedule.class),
        new Extension<>(
            Schedule.class, "linear", LinearSchedule.Settings.class, LinearSchedule.class),
        new Extension<>(
            Schedule.class, "cosine", CosineSchedule.Settings.class, CosineSchedule.class),
        new Extension<>(
            Schedule.class,
            "log-snr-linear",
            LogSnrLinearSchedule.Settings.class,
            LogSnrLinearSchedule.class),
        new Extension<>(
            Schedule.class, "learned", LearnedSchedule.Settings.class, LearnedSchedule.class),
        new Extension<>(
            Schedule.class,
            "ou",
            OrnsteinUhlenbeckSchedule.Settings.class,
            OrnsteinUhlenbeckSchedule.class),
        new Extension<>(
            Schedule.class, "geometric", GeometricSchedule.Settings.class, GeometricSchedule.class),
        new Extension<>(
            Schedule.class, "linear-ot", LinearOtSchedule.Settings.class, LinearOtSchedule.class),
        new Extension<>(
            Objective.class,
            "variational-bound",
            VariationalBoundObjective.Settings.class,
            VariationalBoundObjective.class),
        new Extension<>(
            Objective.class,
            "weighted-bound",
            WeightedBoundObjective.Settings.class,
            WeightedBoundObjective.class),
        new Extension<>(
            Sampler.class, "ancestral", AncestralSampler.Settings.class, AncestralSampler.class));
  }
}
