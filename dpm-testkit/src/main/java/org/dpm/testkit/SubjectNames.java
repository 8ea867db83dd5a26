package org.dpm.testkit;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Names a test class after the contract that it extends, unless it has a name of its own. */
final class SubjectNames extends DisplayNameGenerator.Standard {

  @Override
  public String generateDisplayNameForClass(Class<?> test) {
    return subject(test) + ": " + super.generateDisplayNameForClass(test);
  }

  @Override
  public String generateDisplayNameForNestedClass(List<Class<?>> enclosing, Class<?> test) {
    return subject(test) + ": " + super.generateDisplayNameForNestedClass(enclosing, test);
  }

  private static String subject(Class<?> test) {
    for (Class<?> type = test; type != null; type = type.getSuperclass()) {
      DisplayName name = type.getDeclaredAnnotation(DisplayName.class);
      if (name != null) {
        return name.value();
      }
    }
    return test.getSimpleName();
  }
}
