package org.dpm.core;

import com.google.inject.Binder;
import com.google.inject.ConfigurationException;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import com.google.inject.TypeLiteral;
import com.google.inject.spi.Dependency;
import com.google.inject.spi.InjectionPoint;
import com.google.inject.spi.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dpm.api.Component;
import org.dpm.api.Factory;
import org.dpm.api.ForwardKernel;
import org.dpm.api.GaussianPath;
import org.dpm.api.InvalidInput;

/**
 * Builds components, each by an injector of its own, from what is offered: other parts, what is
 * known of the data, and a {@link Factory} for what the component's own settings hold. A component
 * can so be given other things than its neighbours, which Guice's child injectors forbid.
 */
final class Workshop implements Factory {

  /** A part that was built, and what of. */
  record Built(Installed<?> installed, Object part) {}

  private final Registry registry;
  private final Map<Class<?>, Supplier<?>> offers;
  private final List<Built> built;

  private Workshop(Registry registry, Map<Class<?>, Supplier<?>> offers, List<Built> built) {
    this.registry = registry;
    this.offers = offers;
    this.built = built;
  }

  Workshop(Registry registry) {
    this(registry, new LinkedHashMap<>(), new ArrayList<>());
  }

  /** Another that offers nothing yet, and knows by name what was built here. */
  Workshop next() {
    return new Workshop(registry, new LinkedHashMap<>(), built);
  }

  /** Offers a thing that is there. */
  <T> Workshop offer(Class<T> type, T thing) {
    offers.put(type, () -> thing);
    return this;
  }

  /** Offers a component, which is built when somebody asks for it, and once. */
  <T> Workshop offer(Component<T> component) {
    offers.put(component.type(), new Part<>(component));
    return this;
  }

  /** What is offered of a type. */
  <T> T get(Class<T> type) {
    Supplier<?> offer = offers.get(type);
    if (offer == null) {
      throw new IllegalStateException("nobody offers " + type.getName());
    }
    return type.cast(offer.get());
  }

  /** All that was built here so far. */
  List<Built> built() {
    return List.copyOf(built);
  }

  /** Who a part is, for messages. */
  String title(Object part) {
    return built.stream()
        .filter(one -> one.part() == part)
        .map(one -> one.installed().name())
        .findFirst()
        .orElse(part.getClass().getSimpleName());
  }

  /** Builds a component once. */
  private final class Part<T> implements Supplier<T> {
    private final Component<T> component;
    private final List<T> done = new ArrayList<>();
    private boolean beingBuilt;

    Part(Component<T> component) {
      this.component = component;
    }

    @Override
    public T get() {
      if (done.isEmpty()) {
        if (beingBuilt) {
          throw new InvalidInput(
              "%s cannot be put together with the others: it needs a part that needs it, in a circular way."
                  .formatted(registry.find(component.type(), component.kind()).title()));
        }
        beingBuilt = true;
        done.add(create(component));
        beingBuilt = false;
      }
      return done.get(0);
    }
  }

  @Override
  public <T> T create(Component<T> component, Map<Class<?>, Object> replaced) {
    Installed<T> installed = registry.find(component.type(), component.kind());
    Class<? extends Record> settings = installed.extension().settings();
    if (!settings.isInstance(component.settings())) {
      throw new InvalidInput(
          "%s is set by %s, not by %s"
              .formatted(
                  installed.title(),
                  settings.getName(),
                  component.settings().getClass().getName()));
    }
    Map<Class<?>, Supplier<?>> own = new LinkedHashMap<>(offers);
    // A part of its own type would be itself, or what it stands in for.
    if (!replaced.containsKey(component.type())) {
      own.remove(component.type());
    }
    replaced.forEach((type, thing) -> own.put(type, () -> thing));
    own.put(Factory.class, () -> new Workshop(registry, own, built));
    if (own.containsKey(ForwardKernel.class)) {
      own.put(GaussianPath.class, () -> path(installed, own));
    }
    own.put(settings, component::settings);
    T part = instance(installed, own);
    built.add(new Built(installed, part));
    return part;
  }

  private GaussianPath path(Installed<?> asking, Map<Class<?>, Supplier<?>> own) {
    ForwardKernel forward = new Workshop(registry, own, built).get(ForwardKernel.class);
    return forward
        .path()
        .orElseThrow(
            () ->
                new InvalidInput(
                    "%s needs a Gaussian path, which %s has not.%s"
                        .formatted(
                            asking.name(),
                            title(forward),
                            suited(ForwardKernel.class, kernel -> kernel.path().isPresent()))));
  }

  /**
   * Which installed kinds would do, as they are by default, in a sentence with a space in front; or
   * nothing.
   */
  <T> String suited(Class<T> type, Predicate<T> fits) {
    List<String> kinds = new ArrayList<>();
    for (Installed<T> candidate : registry.of(type)) {
      try {
        Record settings =
            new PipelineReader(registry)
                .settings(candidate.extension().settings(), "", "defaults", "");
        Workshop aside = new Workshop(registry, offers, new ArrayList<>());
        if (fits.test(
            aside.create(new Component<>(type, candidate.extension().kind(), settings)))) {
          kinds.add(candidate.extension().kind());
        }
      } catch (RuntimeException e) {
        // One that cannot be built here would not do, and is not told of.
      }
    }
    return kinds.isEmpty()
        ? ""
        : " %s that would do: %s.".formatted(type.getSimpleName(), String.join(", ", kinds));
  }

  private <T> T instance(Installed<T> installed, Map<Class<?>, Supplier<?>> own) {
    try {
      checkConstructor(installed, own);
      return Guice.createInjector(binder -> configure(binder, installed, own))
          .getInstance(installed.extension().implementation());
    } catch (ProvisionException e) {
      throw explained(installed, e, e.getErrorMessages());
    } catch (CreationException e) {
      throw explained(installed, e, e.getErrorMessages());
    } catch (LinkageError e) {
      throw missingClass(installed, e);
    }
  }

  private static void configure(
      Binder binder, Installed<?> installed, Map<Class<?>, Supplier<?>> own) {
    // Without these Guice makes up what nobody offers: an empty String, a proxy in a cycle.
    binder.requireExplicitBindings();
    binder.requireAtInjectOnConstructors();
    binder.requireExactBindingAnnotations();
    binder.disableCircularProxies();
    own.forEach((type, offer) -> bind(binder, type, offer));
    binder.bind(installed.extension().implementation());
  }

  private static <S> void bind(Binder binder, Class<S> type, Supplier<?> offer) {
    Provider<S> provider = () -> type.cast(offer.get());
    binder.bind(type).toProvider(provider);
  }

  private static void checkConstructor(Installed<?> installed, Map<Class<?>, Supplier<?>> own) {
    TypeLiteral<?> type = TypeLiteral.get(installed.extension().implementation());
    Set<InjectionPoint> points = new HashSet<>();
    try {
      points.add(InjectionPoint.forConstructorOf(type, true));
      points.addAll(InjectionPoint.forInstanceMethodsAndFields(type));
    } catch (ConfigurationException e) {
      throw new InvalidInput(
          "%s cannot be built: %s needs exactly one constructor with @jakarta.inject.Inject, in a class that is not inner."
              .formatted(installed.title(), installed.extension().implementation().getName()),
          e);
    }
    Set<Key<?>> offered = own.keySet().stream().map(Key::get).collect(Collectors.toSet());
    points.stream()
        .flatMap(point -> point.getDependencies().stream())
        .map(Dependency::getKey)
        .filter(key -> !offered.contains(key))
        .findFirst()
        .ifPresent(key -> refuse(installed, key, own));
  }

  private static void refuse(Installed<?> installed, Key<?> key, Map<Class<?>, Supplier<?>> own) {
    String wanted = key.getTypeLiteral().toString();
    String offered =
        Stream.concat(
                own.keySet().stream()
                    .filter(type -> type != installed.extension().settings())
                    .map(Class::getSimpleName)
                    .sorted(),
                Stream.of(installed.extension().settings().getName()))
            .collect(Collectors.joining(", "));
    throw new InvalidInput(
        "%s cannot be built: it asks for %s, which this pipeline does not have.%n  It may ask for: %s."
            .formatted(
                installed.title(),
                key.getAnnotation() == null ? wanted : key.getAnnotation() + " " + wanted,
                offered));
  }

  /** What a constructor says to the user is for the user; other failures keep their trace. */
  private static RuntimeException explained(
      Installed<?> installed, RuntimeException failure, Collection<Message> messages) {
    for (Message message : messages) {
      Throwable cause = message.getCause();
      if (cause instanceof InvalidInput told) {
        return told;
      } else if (cause instanceof LinkageError missing) {
        return missingClass(installed, missing);
      } else if (cause != null) {
        return failure;
      }
    }
    String problems = messages.stream().map(Message::getMessage).collect(Collectors.joining(" "));
    return new InvalidInput(
        "%s cannot be put together: %s".formatted(installed.title(), problems), failure);
  }

  private static InvalidInput missingClass(Installed<?> installed, LinkageError missing) {
    return new InvalidInput(
        "%s cannot be built: %s.%n  The class that it needs belongs into its plugin's directory."
            .formatted(installed.title(), missing),
        missing);
  }
}
