package org.dpm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.Noise;
import org.dpm.core.Examples;
import org.dpm.core.Model;
import org.dpm.core.Pipeline;
import org.dpm.core.Registry;
import org.dpm.core.RunDirectory;
import org.dpm.data.table.SampleWriter.Samples;
import org.dpm.evaluation.EnergyDistance;
import org.dpm.evaluation.Evaluation;
import org.dpm.report.Draws;
import org.dpm.report.Pictures;
import org.dpm.report.RunReport;
import org.dpm.report.progress.TaskProgress;
import org.dpm.training.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dpm run}: the whole way from a pipeline to figures and pictures. */
@Command(
    name = "run",
    description = "Train a model, measure it, draw from it, and keep it all in a run directory.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer>, CommonOptions.Owner {

  /** Beyond this the distances between examples say little of how they differ. */
  private static final int ENERGY_DIMENSIONS = 50;

  private static final int ENERGY_SAMPLES = 1000;

  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineChoice choice = new PipelineChoice();
  @Mixin private OutOption out = new OutOption();

  @Override
  public CommonOptions common() {
    return common;
  }

  @Override
  public Integer call() throws IOException {
    try (Registry registry = common.registry()) {
      Pipeline pipeline = choice.read(registry);
      Path directory = out.directory(choice.name());
      Training.of(
          registry,
          pipeline,
          choice.name(),
          directory,
          common,
          (run, evaluation) -> {
            ObjectNode json = CommonOptions.mapper().valueToTree(evaluation);
            draw(run, evaluation, directory, json);
            common.printJson(json);
          });
    }
    return 0;
  }

  private void draw(Run run, Evaluation evaluation, Path directory, ObjectNode json)
      throws IOException {
    Model model = run.model();
    long seed = model.pipeline().training().seed();
    RunReport page;
    try (TaskProgress progress = common.progress("report")) {
      page = RunReport.of(model, directory, run.source(), evaluation, run.metrics(), progress);
    }
    Samples samples = Draws.described(model, page.samples());
    float[][] data = heldOut(run, samples.values().length, seed);
    if (evaluation.dimensions() <= ENERGY_DIMENSIONS) {
      compare(data, samples.values(), seed, json);
    }
    Pictures pictures = new Pictures(model, choice.name(), directory);
    pictures.samples(samples);
    Path report = new RunDirectory(directory).report();
    page.write(report);
    common.talk().printf("  in %s: the model", directory);
    for (Path file : pictures.written()) {
      common.talk().printf(", %s", file.getFileName());
      json.withArray("files").add(file.toString());
    }
    json.withArray("files").add(report.toString());
    common.talk().printf("; all of it in %s%n", report);
  }

  private void compare(float[][] data, float[][] samples, long seed, ObjectNode json) {
    int count = Math.min(ENERGY_SAMPLES, data.length);
    EnergyDistance test =
        EnergyDistance.of(Arrays.copyOf(data, count), Arrays.copyOf(samples, count), seed);
    common
        .talk()
        .printf(
            "  energy distance of %,d samples to %,d fresh examples %.3g, p = %.3f%n",
            count, count, test.distance(), test.probability());
    json.put("energyDistance", test.distance());
    json.put("energyProbability", test.probability());
  }

  private static float[][] heldOut(Run run, int most, long seed) {
    DataSource source = run.source();
    int count = Math.min(most, source.count(Split.HELD_OUT));
    int[] indices = IntStream.range(0, count).toArray();
    float[] read = new Examples(source).rows(Split.HELD_OUT, indices, Noise.of(seed, "comparison"));
    float[] flat = run.model().layout().modelled(read);
    int size = flat.length / count;
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * size, (i + 1) * size);
    }
    return rows;
  }
}
