package org.dpm.evaluation.diagnostics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.dpm.evaluation.Bits;

/**
 * What a profile says about the number of steps and the schedule, in a sentence.
 *
 * @param good whether there is nothing to do about it
 * @param text for a person to read
 */
public record Verdict(boolean good, String text) {

  /** Steps that together cost less than this share of all are as good as not there. */
  private static final double IDLE_COST = 0.01;

  /** So large a share of the steps must be idle to be worth a word. */
  private static final double IDLE_STEPS = 0.2;

  /** Into so many a trajectory is divided where its steps are many. */
  private static final int STRETCHES = 50;

  /** A single step that costs so many times the mean stands out. */
  private static final double OUTSTANDING = 8;

  /** What the end of the diffusion may cost, as a share of all. */
  private static final double LEFT_OVER = 0.02;

  /** Standard errors by which a figure must pass a bound to have passed it. */
  private static final double CLEARLY = 4;

  /** Share of the mean step's cost that a figure must pass a bound by to be worth a word. */
  private static final double MATTERS = 0.02;

  /** What the profile says, most important first; at least one verdict. */
  public static List<Verdict> of(StepProfile profile) {
    List<Verdict> verdicts = new ArrayList<>();
    double all = cost(profile.steps());
    double least = MATTERS * all / count(profile.steps());
    tooLarge(profile, least, verdicts);
    outstanding(profile, all, verdicts);
    entropies(profile, least, verdicts);
    wasted(profile, all, verdicts);
    leftOver(profile, all, verdicts);
    return verdicts;
  }

  private static void tooLarge(StepProfile profile, double least, List<Verdict> verdicts) {
    List<StepDiagnosis> found =
        such(profile, s -> s.cost() - s.room() > CLEARLY * error(s.contribution()) + least);
    if (!found.isEmpty()) {
      verdicts.add(
          bad(
              "Too large, or not learned: at %s the model costs more than the bounds on the entropy are apart, so it knows less of x(t-1) than the width of the forward step gives away. Smaller steps there, or more training.",
              where(found)));
    }
  }

  private static void outstanding(StepProfile profile, double all, List<Verdict> verdicts) {
    StepDiagnosis largest =
        profile.steps().stream().max(Comparator.comparingDouble(StepDiagnosis::cost)).orElseThrow();
    double times = largest.cost() / (all / count(profile.steps()));
    if (times > OUTSTANDING) {
      String which =
          largest.count() == 1
              ? place("step %s alone costs", where(List.of(largest)))
              : place(
                  "steps t = %d to %d (time %.3g to %.3g) each cost",
                  largest.first(), largest.last(), largest.earlier(), largest.time());
      verdicts.add(
          bad(
              "Uneven: %s %.3g bits, %.0f times the mean of all steps. A schedule with smaller steps there (a learned one finds them) would raise K.",
              which, largest.cost(), times));
    }
  }

  private static void entropies(StepProfile profile, double least, List<Verdict> verdicts) {
    List<StepDiagnosis> wide =
        such(
            profile,
            s ->
                s.model().mean() - s.upper().mean()
                    > CLEARLY * (error(s.model()) + error(s.upper())) + least);
    List<StepDiagnosis> narrow =
        such(
            profile,
            s ->
                s.lower().mean() - s.model().mean()
                    > CLEARLY * (error(s.model()) + error(s.lower())) + least);
    if (!wide.isEmpty()) {
      verdicts.add(
          bad(
              "Too wide: at %s the model's reverse step has more entropy than the upper bound.",
              where(wide)));
    }
    if (!narrow.isEmpty()) {
      verdicts.add(
          bad(
              "Too sure: at %s the model's reverse step has less entropy than even the knowledge of the data would leave.",
              where(narrow)));
    }
    if (wide.isEmpty() && narrow.isEmpty()) {
      verdicts.add(
          good(
              "The entropy of every reverse step of the model lies between the bounds that the diffusion sets, as far as it matters."));
    }
  }

  /** By stretches of the trajectory: of a thousand steps, some look cheap by chance alone. */
  private static void wasted(StepProfile profile, double all, List<Verdict> verdicts) {
    int pieces = profile.steps().size();
    int count = count(profile.steps());
    int length = (pieces + STRETCHES - 1) / STRETCHES;
    List<List<StepDiagnosis>> stretches = new ArrayList<>();
    for (int from = 0; from < pieces; from += length) {
      stretches.add(profile.steps().subList(from, Math.min(from + length, pieces)));
    }
    stretches.sort(Comparator.comparingDouble(Verdict::cost));
    List<StepDiagnosis> idle = new ArrayList<>();
    double sum = 0;
    for (List<StepDiagnosis> stretch : stretches) {
      sum += cost(stretch);
      if (sum >= IDLE_COST * all) {
        break;
      }
      idle.addAll(stretch);
    }
    if (count(idle) > IDLE_STEPS * count) {
      verdicts.add(
          bad(
              "Wasted: %d of %d steps together make less than 1%% of the cost, most of them at %s. Fewer steps would do as well, and a schedule that spends these elsewhere better.",
              count(idle), count, span(idle)));
    } else {
      verdicts.add(
          good(
              "Hardly a step is wasted: the cheapest %.0f%% of the steps make 1%% of the cost.",
              100.0 * count(idle) / count));
    }
  }

  private static double cost(List<StepDiagnosis> steps) {
    return steps.stream().mapToDouble(step -> step.cost() * step.count()).sum();
  }

  private static int count(List<StepDiagnosis> steps) {
    return steps.stream().mapToInt(StepDiagnosis::count).sum();
  }

  private static void leftOver(StepProfile profile, double all, List<Verdict> verdicts) {
    double left = -profile.prior().mean();
    if (left > LEFT_OVER * all) {
      verdicts.add(
          bad(
              "Unfinished: at t = T %.3g bits of the data are left, which the model's start from pure noise cannot know. Let the schedule end with more noise.",
              left));
    }
  }

  private static List<StepDiagnosis> such(StepProfile profile, Predicate<StepDiagnosis> test) {
    return profile.steps().stream().filter(test).toList();
  }

  /** Of one example nothing is known about the error: then no bound is clearly passed. */
  private static double error(Bits bits) {
    return Double.isNaN(bits.standardError()) ? Double.POSITIVE_INFINITY : bits.standardError();
  }

  /** By the index on the grid, and by time. */
  private static String where(List<StepDiagnosis> steps) {
    return count(steps) == 1
        ? place("t = %d (time %.3g)", steps.get(0).first(), steps.get(0).time())
        : place("%d steps (%s)", count(steps), span(steps));
  }

  /** All but a twentieth at each end, so that a stray one does not say "everywhere". */
  private static String span(List<StepDiagnosis> steps) {
    int[] sorted =
        steps.stream()
            .flatMapToInt(step -> IntStream.rangeClosed(step.first(), step.last()))
            .sorted()
            .toArray();
    int cut = sorted.length / 20;
    int first = sorted[cut];
    int last = sorted[sorted.length - 1 - cut];
    return place(
        "t = %d to %d, time %.3g to %.3g",
        first, last, with(first, steps).earlier(), with(last, steps).time());
  }

  private static StepDiagnosis with(int t, List<StepDiagnosis> steps) {
    return steps.stream()
        .filter(step -> step.first() <= t && t <= step.last())
        .findFirst()
        .orElseThrow();
  }

  private static String place(String text, Object... arguments) {
    return String.format(Locale.ROOT, text, arguments);
  }

  private static Verdict bad(String text, Object... arguments) {
    return new Verdict(false, String.format(Locale.ROOT, text, arguments));
  }

  private static Verdict good(String text, Object... arguments) {
    return new Verdict(true, String.format(Locale.ROOT, text, arguments));
  }
}
