package org.dpm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/**
 * What one test of a contract says of an implementation.
 *
 * @param failed the names of the test methods of which an assertion fails; one that merely throws
 *     has not caught what it should
 */
record Verdict(Set<String> failed) {

  static Verdict on(Class<?> contract, String test) {
    return new Verdict(
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(contract, test))
            .execute()
            .testEvents()
            .failed()
            .stream()
            .filter(Verdict::isAssertion)
            .map(Verdict::method)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** That a test of a contract fails for an implementation, by an assertion. */
  static void assertCaught(String what, Class<?> contract, String test) {
    assertThat(on(contract, test).failed()).as(what).contains(test);
  }

  private static boolean isAssertion(Event event) {
    Optional<Throwable> cause = event.getRequiredPayload(TestExecutionResult.class).getThrowable();
    return cause.filter(AssertionError.class::isInstance).isPresent();
  }

  private static String method(Event event) {
    return event
        .getTestDescriptor()
        .getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getMethodName())
        .orElseThrow();
  }
}
