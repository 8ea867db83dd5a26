package org.dpm.api;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One named implementation of one interface of this package.
 *
 * <p>The pair (type, kind) is the whole key. The kind is what a pipeline writes and what a model
 * file stores. The host reads {@code settings} from the pipeline and builds {@code implementation}
 * through its {@code @Inject} constructor, which may ask for
 *
 * <ul>
 *   <li>its own settings record,
 *   <li>any other component of the pipeline ({@link ForwardKernel}, {@link Schedule}, ...),
 *   <li>{@link GaussianPath}, that of the forward kernel, where it has one,
 *   <li>{@link Variables}, what an example consists of, and {@link DataSummary}, the statistics of
 *       the training data,
 *   <li>{@link Grid}, the times that the pipeline was trained at, and
 *   <li>{@link Factory}, which builds components that its settings hold.
 * </ul>
 *
 * <p>Settings are records. A component without {@code @JsonProperty(defaultValue = "...")} must be
 * given, unless it is an {@link java.util.Optional}. Components may be {@code int}, {@code long},
 * {@code double}, {@code boolean}, {@link String}, an enum (written in lower-kebab case), {@link
 * java.util.List} of these, a {@link Component}, or another settings record.
 * {@code @JsonPropertyDescription} says what a component means. The compact constructor refuses
 * nonsense by throwing {@link IllegalArgumentException} with the requirement and the value; the
 * host adds file and line.
 *
 * @param type the interface that is implemented
 * @param kind lower-kebab name, {@code vendor/kind} for those outside this project
 * @param settings the record of its settings
 * @param implementation the class to build
 */
public record Extension<T>(
    Class<T> type,
    String kind,
    Class<? extends Record> settings,
    Class<? extends T> implementation) {

  /** What can be extended. */
  public static final List<Class<?>> TYPES =
      List.of(
          DataSource.class,
          ForwardKernel.class,
          ReverseKernel.class,
          GaussianPath.class,
          Schedule.class,
          Network.class,
          Objective.class,
          Sampler.class,
          Prior.class);

  private static final Pattern KIND =
      Pattern.compile("([a-z0-9]+(-[a-z0-9]+)*/)?[a-z0-9]+(-[a-z0-9]+)*");

  public Extension {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException(
          "kind must be lower-kebab, or vendor/kind, but is '" + kind + "'");
    }
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "type must be one of %s, but is %s"
              .formatted(TYPES.stream().map(Class::getSimpleName).toList(), type.getName()));
    }
  }
}
