package org.dpm.core;

import com.google.inject.Binder;
import com.google.inject.ConfigurationException;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.ProvisionException;
import com.google.inject.Singleton;
import com.google.inject.TypeLiteral;
import com.google.inject.name.Names;
import com.google.inject.spi.Dependency;
import com.google.inject.spi.InjectionPoint;
import com.google.inject.spi.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dpm.api.DataSource;
import org.dpm.api.DataSummary;
import org.dpm.api.ForwardKernel;
import org.dpm.api.InvalidInput;
import org.dpm.api.Network;
import org.dpm.api.Objective;
import org.dpm.api.Prior;
import org.dpm.api.ReverseKernel;
import org.dpm.api.Sampler;
import org.dpm.api.Schedule;

/**
 * Builds the components that a pipeline chose and hands each what its constructor asks for. What a
 * constructor may ask for is said at {@link org.dpm.api.Extension}.
 */
public final class Wiring {

  private static final Key<Integer> STEPS = Key.get(Integer.class, Names.named("steps"));

  private final List<Choice<?>> choices = new ArrayList<>();
  private final int steps;
  private final Map<Class<?>, Object> given;

  /** What the pipeline says of a component, and what is installed under that name. */
  private record Choice<T>(Component<T> component, Installed<T> installed) {

    Class<? extends T> implementation() {
      return installed.extension().implementation();
    }

    Class<? extends Record> settings() {
      return installed.extension().settings();
    }

    String title() {
      return installed.title();
    }

    void bind(Binder binder) {
      binder.bind(component.type()).to(implementation());
    }
  }

  private Wiring(
      Registry registry, Stream<Component<?>> components, int steps, Map<Class<?>, Object> given) {
    components.forEach(component -> choices.add(choice(registry, component)));
    this.steps = steps;
    this.given = given;
  }

  /**
   * Builds the data source alone: the other components may depend on what is in the data.
   *
   * @throws InvalidInput if it refuses its settings, its files, or cannot be built
   */
  public static DataSource dataSource(Registry registry, Pipeline pipeline) {
    return new Wiring(registry, Stream.of(pipeline.data()), pipeline.steps(), Map.of())
        .build(injector -> injector.getInstance(DataSource.class));
  }

  /**
   * Builds all other components. Each is built once and shared by those that ask for it.
   *
   * @throws InvalidInput if one of them refuses its settings or the data, or cannot be built
   */
  public static Parts parts(Registry registry, Pipeline pipeline, DataSummary summary) {
    Stream<Component<?>> components =
        Stream.concat(
            Stream.of(
                pipeline.schedule(),
                pipeline.kernel(),
                pipeline.reverse(),
                pipeline.network(),
                pipeline.objective()),
            pipeline.sampler().stream());
    return new Wiring(registry, components, pipeline.steps(), Map.of(DataSummary.class, summary))
        .build(
            injector ->
                new Parts(
                    injector.getInstance(Schedule.class),
                    injector.getInstance(ForwardKernel.class),
                    injector.getInstance(ReverseKernel.class),
                    injector.getInstance(Network.class),
                    injector.getInstance(Objective.class),
                    pipeline.sampler().map(chosen -> injector.getInstance(Sampler.class))));
  }

  /**
   * Builds a prior for a model.
   *
   * @param given what its constructor may ask for beside its settings, by type
   * @throws InvalidInput if it refuses its settings or the model, or cannot be built
   */
  static Prior prior(
      Registry registry, Component<Prior> prior, int steps, Map<Class<?>, Object> given) {
    return new Wiring(registry, Stream.of(prior), steps, given)
        .build(injector -> injector.getInstance(Prior.class));
  }

  private static <T> Choice<T> choice(Registry registry, Component<T> component) {
    Installed<T> installed = registry.find(component.type(), component.kind());
    Class<?> expected = installed.extension().settings();
    if (!expected.isInstance(component.settings())) {
      throw new InvalidInput(
          "%s is set by %s, not by %s"
              .formatted(
                  installed.title(),
                  expected.getName(),
                  component.settings().getClass().getName()));
    }
    return new Choice<>(component, installed);
  }

  private interface Construction<R> {
    R from(Injector injector);
  }

  private <R> R build(Construction<R> construction) {
    try {
      Map<Class<?>, Choice<?>> settings = settingsOwners();
      choices.forEach(this::checkConstructor);
      return construction.from(Guice.createInjector(binder -> configure(binder, settings)));
    } catch (ProvisionException e) {
      throw explained(e, e.getErrorMessages());
    } catch (CreationException e) {
      throw explained(e, e.getErrorMessages());
    } catch (LinkageError e) {
      throw missingClass(e);
    }
  }

  private void configure(Binder binder, Map<Class<?>, Choice<?>> settings) {
    // Without these Guice makes up what nobody offers: an empty String, a proxy in a cycle.
    binder.requireExplicitBindings();
    binder.requireAtInjectOnConstructors();
    binder.requireExactBindingAnnotations();
    binder.disableCircularProxies();
    binder.bind(STEPS).toInstance(steps);
    given.forEach((type, instance) -> bindGiven(binder, type, instance));
    choices.forEach(choice -> choice.bind(binder));
    implementations().forEach(type -> binder.bind(type).in(Singleton.class));
    settings.forEach((type, owner) -> bindSettings(binder, type, owner.component().settings()));
  }

  /** One class may serve two interfaces, and is then built once. */
  private Set<Class<?>> implementations() {
    return choices.stream()
        .map(Choice::implementation)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static <S> void bindGiven(Binder binder, Class<S> type, Object instance) {
    binder.bind(type).toInstance(type.cast(instance));
  }

  private static <S> void bindSettings(Binder binder, Class<S> type, Record settings) {
    binder.bind(type).toInstance(type.cast(settings));
  }

  /** A settings record is how a constructor names its settings: it can mean one component only. */
  private Map<Class<?>, Choice<?>> settingsOwners() {
    Map<Class<?>, Choice<?>> owners = new LinkedHashMap<>();
    for (Choice<?> choice : choices) {
      Choice<?> other = owners.putIfAbsent(choice.settings(), choice);
      if (other != null && !interchangeable(choice, other)) {
        throw new InvalidInput(
            ("%s and %s both have the settings %s: they cannot be told apart in one pipeline.%n"
                    + "  Whoever wrote them should give each a settings record of its own.")
                .formatted(other.title(), choice.title(), choice.settings().getName()));
      }
    }
    return owners;
  }

  private static boolean interchangeable(Choice<?> one, Choice<?> other) {
    return one.installed().plugin() == other.installed().plugin()
        && one.component().settings().equals(other.component().settings());
  }

  private void checkConstructor(Choice<?> choice) {
    TypeLiteral<?> type = TypeLiteral.get(choice.implementation());
    Set<InjectionPoint> points = new HashSet<>();
    try {
      points.add(InjectionPoint.forConstructorOf(type, true));
      points.addAll(InjectionPoint.forInstanceMethodsAndFields(type));
    } catch (ConfigurationException e) {
      throw new InvalidInput(
          "%s cannot be built: %s needs exactly one constructor with @jakarta.inject.Inject, in a class that is not inner."
              .formatted(choice.title(), choice.implementation().getName()),
          e);
    }
    points.stream()
        .flatMap(point -> point.getDependencies().stream())
        .map(Dependency::getKey)
        .filter(key -> !offered(choice).contains(key))
        .findFirst()
        .ifPresent(key -> refuse(choice, key));
  }

  private Set<Key<?>> offered(Choice<?> choice) {
    Set<Key<?>> offered = new HashSet<>();
    choices.forEach(other -> offered.add(Key.get(other.component().type())));
    offered.add(Key.get(choice.settings()));
    offered.add(STEPS);
    given.keySet().forEach(type -> offered.add(Key.get(type)));
    return offered;
  }

  private void refuse(Choice<?> choice, Key<?> wanted) {
    String others =
        choices.stream()
            .filter(other -> !other.component().type().equals(choice.component().type()))
            .map(other -> other.component().type().getSimpleName() + ", ")
            .collect(Collectors.joining());
    String values =
        given.keySet().stream()
            .map(type -> type.getSimpleName() + ", ")
            .sorted()
            .collect(Collectors.joining());
    throw new InvalidInput(
        "%s cannot be built: it asks for %s, which this pipeline does not have.%n  It may ask for: %s%s%s, @Named(\"steps\") int."
            .formatted(
                choice.title(), wanted(wanted), others, values, choice.settings().getName()));
  }

  private static String wanted(Key<?> key) {
    String type = key.getTypeLiteral().toString();
    return key.getAnnotation() == null ? type : key.getAnnotation() + " " + type;
  }

  /** What a constructor says to the user is for the user; other failures keep their trace. */
  private RuntimeException explained(RuntimeException failure, Collection<Message> messages) {
    for (Message message : messages) {
      Throwable cause = message.getCause();
      if (cause instanceof InvalidInput told) {
        return told;
      } else if (cause instanceof LinkageError missing) {
        return missingClass(missing);
      } else if (cause != null) {
        return failure;
      }
    }
    // No constructor failed: the plugins' classes do not fit together, as in a cycle.
    String problems = messages.stream().map(Message::getMessage).collect(Collectors.joining(" "));
    return new InvalidInput("%s cannot be put together: %s".formatted(titles(), problems), failure);
  }

  private InvalidInput missingClass(LinkageError missing) {
    return new InvalidInput(
        "%s: one of them cannot be built: %s.%n  The class that it needs belongs into its plugin's directory."
            .formatted(titles(), missing),
        missing);
  }

  private String titles() {
    return choices.stream().map(Choice::title).collect(Collectors.joining(", "));
  }
}
