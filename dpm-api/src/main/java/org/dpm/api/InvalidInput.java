package org.dpm.api;

import java.util.List;

/**
 * What the user gave is wrong: a setting, a file, an argument. The message says what, where, and
 * what to do; the command line prints it without a stack trace and exits with 2.
 */
public final class InvalidInput extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  public InvalidInput(String problem) {
    this(List.of(problem));
  }

  /** Several problems, found together and told together. */
  public InvalidInput(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** With what brought it to light. */
  public InvalidInput(String problem, Throwable cause) {
    super(problem, cause);
    this.problems = List.of(problem);
  }

  /** Each problem, one or a few lines. */
  public List<String> problems() {
    return problems;
  }
}
