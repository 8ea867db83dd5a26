package org.dpm.core;

import java.util.Optional;
import org.dpm.api.ForwardKernel;
import org.dpm.api.Network;
import org.dpm.api.Objective;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;

/** The components of a pipeline, built and connected, and where the data's cells stand in them. */
public record Parts(
    Schedule schedule,
    ForwardKernel forward,
    ReverseKernel reverse,
    Network network,
    Objective objective,
    Optional<Sampler> sampler,
    Layout layout) {}
