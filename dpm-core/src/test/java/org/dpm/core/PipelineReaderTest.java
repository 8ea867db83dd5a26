package org.dpm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dpm.api.Component;
import org.dpm.api.Diffusion;
import org.dpm.api.InvalidInput;
import org.dpm.api.Sampler;
import org.dpm.core.StandIns.Points;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A pipeline reader")
class PipelineReaderTest {

  private final PipelineReader reader =
      new PipelineReader(Registry.of(StandIns.networks(), StandIns.kernels(), StandIns.samplers()));

  private Pipeline read(String text, String... sets) {
    return reader.read("p.yaml", text, List.of(sets));
  }

  private List<String> problems(String text, String... sets) {
    return catchThrowableOfType(InvalidInput.class, () -> read(text, sets)).problems();
  }

  /** The stand-in pipeline with more settings for its data. */
  private static String withData(String settings) {
    return StandIns.PIPELINE.replace("count: 10", "count: 10, " + settings);
  }

  private static Points.PointsSettings data(Pipeline pipeline) {
    return (Points.PointsSettings) pipeline.data().settings();
  }

  private StandIns.Relay.RelaySettings relay(String settings, String... sets) {
    Pipeline pipeline = read(StandIns.PIPELINE + "sampler: " + settings + "\n", sets);
    return (StandIns.Relay.RelaySettings) pipeline.sampler().orElseThrow().settings();
  }

  private static Component<Sampler> walk() {
    return new Component<>(Sampler.class, "walk", new StandIns.Nothing());
  }

  @Nested
  @DisplayName("given a correct pipeline")
  class Correct {

    @Test
    @DisplayName("fills in every default")
    void defaults() {
      Pipeline pipeline = read(StandIns.PIPELINE);
      assertThat(pipeline.steps()).contains(40);
      assertThat(pipeline.device()).isEqualTo("auto");
      assertThat(pipeline.lastStep()).isEqualTo(Diffusion.LastStep.FORWARD);
      assertThat(pipeline.sampler()).isEmpty();
      assertThat(pipeline.training())
          .isEqualTo(
              new TrainingSettings(
                  7,
                  512,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(4000L),
                  Optional.empty(),
                  Optional.empty(),
                  new OptimizerSettings(
                      OptimizerSettings.Kind.ADAM,
                      0.001,
                      0.01,
                      0.9,
                      0.999,
                      1e-8,
                      0,
                      100,
                      OptimizerSettings.Decay.COSINE,
                      1),
                  new AveragingSettings(0.999),
                  new EvaluationSettings(500, 2000, Optional.empty())));
      assertThat(data(pipeline))
          .isEqualTo(
              new Points.PointsSettings(
                  10,
                  0.25,
                  Points.Layout.ON_A_LINE,
                  false,
                  3_000_000_000L,
                  "points",
                  List.of(),
                  Optional.of(5),
                  Optional.empty(),
                  new Points.Grid(2, 3)));
    }

    @Test
    @DisplayName("reads every type of setting")
    void types() {
      Points.PointsSettings settings =
          data(
              read(
                  withData(
                      "noise: 1e-3, layout: anywhere, shuffled: true, seed: -1, title: '5',"
                          + " weights: [1, .5], limit: null, path: /a.csv, grid: { columns: 9 }")));
      assertThat(settings)
          .isEqualTo(
              new Points.PointsSettings(
                  10,
                  1e-3,
                  Points.Layout.ANYWHERE,
                  true,
                  -1,
                  "5",
                  List.of(1.0, 0.5),
                  Optional.empty(),
                  Optional.of(Path.of("/a.csv").toAbsolutePath()),
                  new Points.Grid(2, 9)));
    }

    @Test
    @DisplayName("takes JSON too, even indented by tabs")
    void json() {
      String json =
          """
          {
          \t"data": {"kind": "points", "count": 10},
          \t"steps": 40,
          \t"kernel": {"kind": "plain"},
          \t"schedule": {"kind": "learned", "firstBeta": 1e-4},
          \t"network": {"kind": "rbf", "units": 16},
          \t"objective": {"kind": "bound"},
          \t"training": {"seed": 7, "updates": 4000}
          }
          """;
      assertThat(read(json)).isEqualTo(read(StandIns.PIPELINE));
    }

    @Test
    @DisplayName("gives the reverse kernel the forward kernel's kind unless it has its own")
    void reverseKind() {
      assertThat(read(StandIns.PIPELINE).reverse().kind()).isEqualTo("plain");
      Pipeline set = read(StandIns.PIPELINE + "reverse: { outputs: 3 }\n");
      assertThat(set.reverse().settings()).isEqualTo(new StandIns.Reverse.ReverseSettings(3));
      Pipeline own = read(StandIns.PIPELINE + "reverse: { kind: other }\n");
      assertThat(own.reverse().kind()).isEqualTo("other");
      assertThat(own.kernel().kind()).isEqualTo("plain");
    }

    @Test
    @DisplayName("reads text that is quoted, tagged or in a block as text, and nothing else so")
    void text() {
      assertThat(data(read(withData("title: !!str 5"))).title()).isEqualTo("5");
      assertThat(data(read(withData("title: \"1e3\""))).title()).isEqualTo("1e3");
      String block = "\n  kind: points\n  count: 10\n  title: >-\n    5";
      String pipeline = StandIns.PIPELINE.replace("{ kind: points, count: 10 }", block);
      assertThat(data(read(pipeline)).title()).isEqualTo("5");
      assertThat(data(read(withData("title: 1:30"))).title()).isEqualTo("1:30");
      assertThat(data(read(withData("limit: &five 5, seed: !!int +6"))).seed()).isEqualTo(6);
    }

    @Test
    @DisplayName("takes text that begins with a byte order mark, JSON too")
    void byteOrderMark() {
      Pipeline expected = read(StandIns.PIPELINE);
      assertThat(read("\uFEFF" + StandIns.PIPELINE)).isEqualTo(expected);
      String json = "{\n\t" + StandIns.PIPELINE.strip().replace("\n", ",\n\t") + "\n}";
      assertThat(read("\uFEFF" + json)).isEqualTo(expected);
    }

    @Test
    @DisplayName("takes a kind alone for a component that has nothing else set")
    void bareKind() {
      String bare = StandIns.PIPELINE.replaceAll("\\{ kind: (plain|bound) }", "$1");
      assertThat(bare).contains("kernel:    plain\n", "objective: bound\n");
      assertThat(read(bare)).isEqualTo(read(StandIns.PIPELINE));
      assertThat(read(bare + "reverse: other\n").reverse().kind()).isEqualTo("other");
      assertThat(read(bare + "sampler: walk\n").sampler()).contains(walk());
    }

    @Test
    @DisplayName(
        "takes a kind alone in a list and as a default, and writes both so as to read back")
    void bareKindInside() {
      StandIns.Relay.RelaySettings settings =
          relay("{ kind: relay, others: [walk, { kind: walk }, relay] }");
      assertThat(settings.first()).isEqualTo(walk());
      assertThat(settings.others()).startsWith(walk(), walk()).hasSize(3);
      assertThat(settings.others().get(2).settings())
          .isEqualTo(new StandIns.Relay.RelaySettings(walk(), List.of(), 1));
      Pipeline pipeline = read(StandIns.PIPELINE + "sampler: { kind: relay, others: [relay] }");
      assertThat(read(reader.write(pipeline))).isEqualTo(pipeline);
    }

    @Test
    @DisplayName("takes a setting by the name that earlier releases had for it, and writes today's")
    void formerNames() {
      assertThat(relay("{ kind: relay, turns: 3 }").laps()).isEqualTo(3);
      assertThat(relay("{ kind: relay, rounds: 3 }")).isEqualTo(relay("{ kind: relay, laps: 3 }"));
      assertThat(reader.write(read(StandIns.PIPELINE + "sampler: { kind: relay, turns: 3 }")))
          .contains("  laps: 3\n")
          .doesNotContain("turns");
    }

    @ParameterizedTest
    @DisplayName("writes it so that it reads back the same")
    @ValueSource(
        strings = {
          "limit: null",
          "title: 'true'",
          "title: '1e3'",
          "title: ''",
          "title: '~'",
          "title: 'a: b # c'",
          "title: ' two  spaces '",
          "title: \"lines\\n\\n  and\\ttabs \\n\"",
          "title: 'Zo\u00eb \ud83d\ude00 ''quoted'' \"twice\"'",
          "noise: 1.2345678901234567e-300",
          "seed: -9223372036854775808",
          "weights: [1, 2.5], path: a/b.csv, layout: anywhere",
        })
    void roundTrip(String settings) {
      Pipeline pipeline = read(withData(settings) + "sampler: { kind: walk }\n");
      String written = reader.write(pipeline);
      assertThat(read(written)).as(written).isEqualTo(pipeline);
    }

    @Test
    @DisplayName("writes every default out, and nothing that was not given")
    void written() {
      assertThat(reader.write(read(StandIns.PIPELINE)))
          .startsWith("data:\n  kind: points\n  count: 10\n  noise: 0.25\n  layout: on-a-line\n")
          .contains("device: auto\nlastStep: forward\n")
          .contains("reverse:\n  kind: plain\n  outputs: 1\n")
          .contains("training:\n  seed: 7\n  batch: 512\n  updates: 4000\n  optimizer:\n")
          .contains("    epsilon: 1.0E-8\n")
          .doesNotContain("sampler", "minutes", "null");
    }

    @Test
    @DisplayName("starts paths in a file from its directory, and writes them absolute")
    void paths(@TempDir Path directory) throws IOException {
      Path file = directory.resolve("p.yaml");
      Files.writeString(file, withData("path: ../x.csv"));
      Pipeline pipeline = reader.read(file, List.of());
      Path expected = directory.resolveSibling("x.csv").toAbsolutePath();
      assertThat(data(pipeline).path()).contains(expected);
      assertThat(reader.write(pipeline)).contains(expected.toString());
    }
  }

  @Nested
  @DisplayName("given overrides")
  class Changed {

    @Test
    @DisplayName("changes settings that the file gave and adds those that it did not")
    void changes() {
      Pipeline pipeline =
          read(
              StandIns.PIPELINE,
              "steps=50",
              "training.minutes=1.5",
              "training.updates=null",
              "training.optimizer.rate=1e-2",
              "data.weights=[1, 2]",
              "sampler.kind=walk");
      assertThat(pipeline.steps()).contains(50);
      assertThat(pipeline.training().updates()).isEmpty();
      assertThat(pipeline.training().minutes()).contains(1.5);
      assertThat(pipeline.training().optimizer().rate()).isEqualTo(0.01);
      assertThat(data(pipeline).weights()).containsExactly(1.0, 2.0);
      assertThat(pipeline.sampler())
          .contains(new Component<>(Sampler.class, "walk", new StandIns.Nothing()));
    }

    @Test
    @DisplayName("drops the file's settings with the kind that they were for, in any order")
    void kindChange() {
      StandIns.Mlp.MlpSettings expected = new StandIns.Mlp.MlpSettings(3, 8);
      assertThat(
              read(StandIns.PIPELINE, "network.kind=mlp", "network.layers=3").network().settings())
          .isEqualTo(expected);
      assertThat(
              read(StandIns.PIPELINE, "network.layers=3", "network.kind=mlp").network().settings())
          .isEqualTo(expected);
      assertThat(read(StandIns.PIPELINE, "network.kind=rbf").network().settings())
          .isEqualTo(new StandIns.Rbf.RbfSettings(16));
    }

    @Test
    @DisplayName("drops the reverse kernel's settings with the kind that it took from the kernel")
    void inheritedKindChange() {
      String pipeline = StandIns.PIPELINE + "reverse: { outputs: 3 }\n";
      assertThat(read(pipeline, "kernel.kind=other").reverse().settings())
          .isEqualTo(new StandIns.Nothing());
      assertThat(read(pipeline, "reverse.kind=other").reverse().settings())
          .isEqualTo(new StandIns.Nothing());
      assertThat(read(pipeline, "reverse.kind=plain").reverse().settings())
          .isEqualTo(new StandIns.Reverse.ReverseSettings(3));
    }

    @Test
    @DisplayName("takes a kind alone, and sets what is inside a component that the file only names")
    void bareKinds() {
      StandIns.Mlp.MlpSettings expected = new StandIns.Mlp.MlpSettings(3, 8);
      String bare = StandIns.PIPELINE.replace("{ kind: rbf, units: 16 }", "mlp");
      assertThat(read(bare, "network.layers=3").network().settings()).isEqualTo(expected);
      assertThat(read(StandIns.PIPELINE, "network=mlp", "network.layers=3").network().settings())
          .isEqualTo(expected);
      assertThat(read(bare, "network.kind=rbf", "network.units=4").network().settings())
          .isEqualTo(new StandIns.Rbf.RbfSettings(4));
      assertThat(relay("relay", "sampler.first=relay", "sampler.first.laps=2").first().settings())
          .isEqualTo(new StandIns.Relay.RelaySettings(walk(), List.of(), 2));
    }

    @Test
    @DisplayName("drops the reverse kernel's settings if the kernel's kind alone is another")
    void inheritedBareKind() {
      String pipeline = StandIns.PIPELINE + "reverse: { outputs: 3 }\n";
      for (String kernel : List.of("plain", "{ kind: plain }")) {
        String file = pipeline.replace("{ kind: plain }", kernel);
        assertThat(read(file, "kernel=other").reverse().settings())
            .isEqualTo(new StandIns.Nothing());
        assertThat(read(file, "kernel=plain").reverse().settings())
            .isEqualTo(new StandIns.Reverse.ReverseSettings(3));
      }
    }

    @Test
    @DisplayName("replaces what the file gives by a former name, and the other way round")
    void formerNames() {
      assertThat(relay("{ kind: relay, turns: 3 }", "sampler.laps=4").laps()).isEqualTo(4);
      assertThat(relay("{ kind: relay, laps: 3 }", "sampler.turns=4").laps()).isEqualTo(4);
    }

    @Test
    @DisplayName("starts paths in them from the working directory")
    void paths(@TempDir Path directory) throws IOException {
      Path file = directory.resolve("p.yaml");
      Files.writeString(file, StandIns.PIPELINE);
      assertThat(data(reader.read(file, List.of("data.path=x.csv"))).path())
          .contains(Path.of("x.csv").toAbsolutePath());
    }

    @Test
    @DisplayName("says of each mistake which override made it")
    void mistakes() {
      assertThat(
              problems(
                  StandIns.PIPELINE,
                  "training.minuts=5",
                  "steps=many",
                  "steps.more=1",
                  "training",
                  "training..rate=1",
                  "network.kind=[",
                  "data.count=0"))
          .satisfiesExactly(
              p ->
                  assertThat(p)
                      .startsWith("--set steps.more: cannot be set, since 'steps' is 'many'"),
              p -> assertThat(p).startsWith("--set training: must be path=value"),
              p -> assertThat(p).startsWith("--set training..rate: must name a setting"),
              p -> assertThat(p).startsWith("--set network.kind: this is not YAML"),
              p -> assertThat(p).isEqualTo("--set data.count: must be at least 1, but is 0"),
              p -> assertThat(p).isEqualTo("--set steps: must be a whole number, but is 'many'"),
              p ->
                  assertThat(p)
                      .startsWith(
                          "--set training.minuts: 'training' has no setting 'minuts'."
                              + " Did you mean 'minutes'?"),
              p -> assertThat(p).isEqualTo("7 problems; nothing was run."));
    }
  }

  @Nested
  @DisplayName("given mistakes")
  class Mistaken {

    @Test
    @DisplayName("tells all of them at once, each with its place, the nearest name and the choice")
    void sample() {
      String text =
          """
          data:      { kind: points, count: 10 }
          steps: 40
          kernel:    { kind: plain }
          schedule:  { kind: learned, frstBeta: 1.0e-4 }
          objective: { kind: bound }
          network:   { kind: rfb, units: 16 }
          training:  { seed: 7, updates: 4000 }
          """;
      assertThatThrownBy(() -> reader.read("swiss-roll.yaml", text, List.of()))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              """
              swiss-roll.yaml:4: schedule.frstBeta: Schedule 'learned' has no setting 'frstBeta'. Did you mean 'firstBeta'?
                It has: firstBeta, initial.
              swiss-roll.yaml:6: network.kind: no Network of kind 'rfb' is installed. Did you mean 'rbf'?
                Installed: mlp (networks 0.1.0), multiscale-conv (networks 0.1.0), rbf (networks 0.1.0). A plugin goes into plugins/<name>/.
              2 problems; nothing was run."""
                  .replace("\n", System.lineSeparator()));
    }

    @ParameterizedTest
    @DisplayName("refuses a value of the wrong type, and says what it must be")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "limit: 2.5 | data.limit: must be a whole number, but is 2.5",
          "limit: 1e3 | data.limit: must be a whole number, but is 1e3",
          "limit: 010 | data.limit: must be a whole number, but is '010'",
          "limit: '5' | data.limit: must be a whole number, but is '5'",
          "limit: 3000000000 | data.limit: must be from -2147483648 to 2147483647, but is 3000000000",
          "seed: 9223372036854775808 | data.seed: must be from -9223372036854775808 to 9223372036854775807, but is 9223372036854775808",
          "noise: '0.5' | data.noise: must be a number, but is '0.5'",
          "noise: .inf | data.noise: must be a finite number, but is .inf",
          "noise: .NaN | data.noise: must be a finite number, but is .NaN",
          "noise: 1e999 | data.noise: must be a finite number, but is 1e999",
          "noise: [1] | data.noise: must be a single value, but is a list",
          "noise: | data.noise: has no value; give it one, or leave it out",
          "shuffled: yes | data.shuffled: must be true or false, but is 'yes'",
          "title: 5 | data.title: must be text, but is 5; put it in quotes if it is meant so",
          "title: true | data.title: must be text, but is true; put it in quotes if it is meant so",
          "weights: 5 | data.weights: must be a list, such as [a, b], but is 5",
          "weights: [1, x] | data.weights[1]: must be a number, but is 'x'",
          "grid: 5 | data.grid: must be a group of settings, but is 5",
          "grid: { rows: 4 } | data.grid.rows: must be at most columns, but is 4 of 3",
        })
    void wrongTypes(String settings, String problem) {
      assertThat(problems(withData(settings)))
          .containsExactly("p.yaml:1: " + problem, "1 problem; nothing was run.");
    }

    @Test
    @DisplayName("says what an enum can be")
    void enums() {
      assertThat(problems(withData("layout: anywere")))
          .first()
          .asString()
          .isEqualToNormalizingNewlines(
              "p.yaml:1: data.layout: 'anywere' is not known. Did you mean 'anywhere'?\n"
                  + "  It can be: on-a-line, anywhere.");
    }

    @Test
    @DisplayName("names the line of a setting that its record refuses, and of the group otherwise")
    void refusals() {
      String text =
          StandIns.PIPELINE.replace("{ seed: 7, updates: 4000 }", "\n  batch: 0\n  seed: 1");
      assertThat(problems(text))
          .first()
          .isEqualTo("p.yaml:8: training.batch: must be at least 1, but is 0");
      assertThat(problems(text.replace("batch: 0", "batch: 1")))
          .first()
          .isEqualTo(
              "p.yaml:8: training: one of updates, epochs and minutes must be given, to say when"
                  + " training ends");
    }

    @Test
    @DisplayName("checks what was read of a group even where the rest was not")
    void checksTheRest() {
      String text = StandIns.PIPELINE.replace("steps: 40", "steps: 1").replace("rbf", "rfb");
      assertThat(problems(text))
          .hasSize(3)
          .anyMatch(p -> p.equals("p.yaml:2: steps: must be at least 2, but is 1"));
    }

    @Test
    @DisplayName("names what is missing and what would do")
    void missing() {
      String text = "kernel: { kind: plain }\nsteps: 2\ndata: { kind: points }\nschedule: {}\n";
      assertThat(problems(text))
          .map(p -> p.lines().findFirst().orElseThrow())
          .containsExactly(
              "p.yaml:3: data.count: is missing.",
              "p.yaml:4: schedule.kind: is missing.",
              "p.yaml:1: network: is missing.",
              "p.yaml:1: objective: is missing.",
              "p.yaml:1: training: one of updates, epochs and minutes must be given, to say when"
                  + " training ends",
              "5 problems; nothing was run.");
      assertThat(String.join("", problems(text)))
          .contains("It has no default (whole number): How many points.")
          .contains("Installed: learned (kernels 0.1.0). A plugin goes into plugins/<name>/.");
    }

    @Test
    @DisplayName("refuses a setting that is given twice, with both lines")
    void duplicates() {
      assertThat(problems(StandIns.PIPELINE + "steps: 50\n"))
          .first()
          .isEqualTo("p.yaml:8: steps: is given twice, on lines 2 and 8; remove one");
    }

    @Test
    @DisplayName("refuses a setting that is given by a former name and today's")
    void givenByTwoNames() {
      String sampler = "sampler: { kind: relay,\n  turns: 3,\n  laps: 4 }\n";
      assertThat(problems(StandIns.PIPELINE + sampler))
          .containsExactly(
              "p.yaml:10: sampler.laps: is given twice, as 'turns' and 'laps'; remove one",
              "1 problem; nothing was run.");
      assertThat(problems(StandIns.PIPELINE + sampler, "sampler.turns=1", "sampler.laps=2"))
          .first()
          .isEqualTo("--set sampler.laps: is given twice, as 'turns' and 'laps'; remove one");
    }

    @Test
    @DisplayName("calls a setting what the pipeline calls it, and lists today's names")
    void formerNames() {
      assertThat(problems(StandIns.PIPELINE + "sampler: { kind: relay, turns: 0 }"))
          .first()
          .isEqualTo("p.yaml:8: sampler.turns: must be at least 1, but is 0");
      assertThat(problems(StandIns.PIPELINE + "sampler: { kind: relay, rounds: x }"))
          .first()
          .isEqualTo("p.yaml:8: sampler.rounds: must be a whole number, but is 'x'");
      assertThat(problems(StandIns.PIPELINE + "sampler: { kind: relay, round: 1 }"))
          .first()
          .asString()
          .endsWith("It has: first, others, laps.");
    }

    @Test
    @DisplayName("refuses a text that is no kind, with the nearest")
    void unknownBareKind() {
      assertThat(problems(StandIns.PIPELINE.replace("{ kind: bound }", "bond")))
          .first()
          .asString()
          .startsWith(
              "p.yaml:6: objective: no Objective of kind 'bond' is installed."
                  + " Did you mean 'bound'?");
      assertThat(problems(StandIns.PIPELINE + "sampler: { kind: relay, others: [walk, wlk] }"))
          .first()
          .asString()
          .startsWith(
              "p.yaml:8: sampler.others[1]: no Sampler of kind 'wlk' is installed."
                  + " Did you mean 'walk'?");
      assertThat(problems(StandIns.PIPELINE, "objective=bond"))
          .first()
          .asString()
          .startsWith("--set objective: no Objective of kind 'bond' is installed.");
    }

    @Test
    @DisplayName("refuses a kind alone that has something to set, and what is no kind at all")
    void notABareKind() {
      assertThat(problems(StandIns.PIPELINE.replace("{ kind: rbf, units: 16 }", "rbf")))
          .first()
          .asString()
          .startsWith("p.yaml:5: network.units: is missing.");
      assertThat(problems(StandIns.PIPELINE.replace("{ kind: bound }", "5")))
          .first()
          .isEqualTo(
              "p.yaml:6: objective: must be a kind, or a group of settings with a kind, but is 5");
    }

    @ParameterizedTest
    @DisplayName("answers what is not a pipeline with one message")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "`` | p.yaml:1: a pipeline is a group of settings (data, steps, kernel, ...), but this is empty",
          "`# nothing\n` | p.yaml:1: a pipeline is a group of settings (data, steps, kernel, ...), but this is empty",
          "`- a\n- b` | p.yaml:1: a pipeline is a group of settings (data, steps, kernel, ...), but this is a list",
          "`a: 1\n---\nb: 2` | p.yaml:3: a second document begins here; one is expected",
        })
    void notAPipeline(String text, String problem) {
      assertThat(problems(text)).containsExactly(problem, "1 problem; nothing was run.");
    }

    @ParameterizedTest
    @DisplayName("says where text stops being YAML, in one line")
    @ValueSource(
        strings = {
          "a: 1\nb: [1, 2\n",
          "a: 1\nb: 'x\n",
          "a: 1\n  b: 2\n",
          "a: 1\nb: @x",
          "a:\n\tb: 1",
          "a: 1\n? [b]\n: c"
        })
    void syntax(String text) {
      assertThat(problems(text))
          .hasSize(2)
          .first()
          .asString()
          .matches("p\\.yaml:[23]: this is not YAML: [^\n]+")
          .doesNotContain("org.yaml");
    }

    @Test
    @DisplayName("refuses aliases instead of reading them as text")
    void aliases() {
      assertThat(problems(withData("title: &a x").replace("kind: bound", "kind: *a")))
          .containsExactly(
              "p.yaml:6: objective.kind: aliases (*name) are not read; write the value out",
              "1 problem; nothing was run.");
      assertThat(problems(withData("weights: &a [1,\n *a, *b]")))
          .containsExactly(
              "p.yaml:2: data.weights[1]: aliases (*name) are not read; write the value out",
              "p.yaml:2: data.weights[2]: aliases (*name) are not read; write the value out",
              "2 problems; nothing was run.");
      assertThat(problems(StandIns.PIPELINE, "data.title=*a"))
          .hasSize(2)
          .first()
          .asString()
          .startsWith("--set data.title: aliases (*name) are not read");
    }

    @Test
    @DisplayName("says of text that no parser takes why, though not always where")
    void unreadable() {
      assertThat(problems("a: 1\nb: \u0000"))
          .first()
          .isEqualTo("p.yaml:1: this is not YAML: special characters are not allowed");
      assertThat(problems("[".repeat(100_000)))
          .first()
          .isEqualTo("p.yaml:1: this is not YAML: Nesting Depth exceeded max 50");
    }

    @Test
    @DisplayName("says that a file is not there, or is not text")
    void files(@TempDir Path directory) throws IOException {
      assertThatThrownBy(() -> reader.read(directory.resolve("no.yaml"), List.of()))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("there is no such file");
      Path latin = directory.resolve("latin.yaml");
      Files.write(latin, "title: Zo\u00eb".getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> reader.read(latin, List.of()))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("must be text in UTF-8");
      assertThatThrownBy(() -> reader.read(directory, List.of()))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("cannot be read");
    }
  }
}
