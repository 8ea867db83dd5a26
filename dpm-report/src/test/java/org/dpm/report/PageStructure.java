package org.dpm.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be said of a page without a browser: whether its tags are in order and all its own. */
final class PageStructure {

  /** Elements that have no end tag in HTML. */
  private static final Set<String> VOID = Set.of("meta", "link", "img", "input", "br", "hr");

  /** Elements whose content is no markup. */
  private static final Pattern RAW =
      Pattern.compile("(<(script|style)\\b[^>]*>).*?(</\\2>)", Pattern.DOTALL);

  private static final Pattern TAG =
      Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\\s+[^\\s=>/]+(?:=\"[^\"<]*\")?)*)\\s*(/?)>");

  private static final Pattern ATTRIBUTE = Pattern.compile("([^\\s=>/]+)=\"([^\"]*)\"");

  private final List<String> problems = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final List<String> needed = new ArrayList<>();
  private final Deque<String> open = new ArrayDeque<>();

  private PageStructure() {}

  /** Everything that is wrong with a page, in words; empty if nothing is. */
  static List<String> problems(String html) {
    PageStructure page = new PageStructure();
    page.read(html);
    return page.problems;
  }

  private void read(String html) {
    if (!html.startsWith("<!doctype html>")) {
      problems.add("no doctype");
    }
    String markup = RAW.matcher(html.substring(html.indexOf('>') + 1)).replaceAll("$1$3");
    Matcher tag = TAG.matcher(markup);
    int end = 0;
    while (tag.find()) {
      text(markup.substring(end, tag.start()));
      end = tag.end();
      String name = tag.group(2).toLowerCase(Locale.ROOT);
      if (!tag.group(1).isEmpty()) {
        close(name);
      } else {
        attributes(name, tag.group(3));
        if (!VOID.contains(name) && tag.group(4).isEmpty()) {
          open.push(name);
        }
      }
    }
    text(markup.substring(end));
    open.forEach(name -> problems.add("<%s> is not closed".formatted(name)));
    needed.stream()
        .filter(id -> !ids.contains(id))
        .forEach(id -> problems.add("nothing has the id " + id));
  }

  private void close(String name) {
    if (!name.equals(open.peek())) {
      problems.add("</%s> closes <%s>".formatted(name, open.peek()));
    } else {
      open.pop();
    }
  }

  private void text(String text) {
    if (text.contains("<")) {
      problems.add("a stray <: " + text.strip().lines().findFirst().orElse(""));
    }
  }

  private void attributes(String element, String attributes) {
    Matcher attribute = ATTRIBUTE.matcher(attributes);
    while (attribute.find()) {
      String name = attribute.group(1);
      String value = attribute.group(2);
      switch (name) {
        case "id" -> {
          if (!ids.add(value)) {
            problems.add("two elements have the id " + value);
          }
        }
        case "aria-labelledby", "for" -> needed.add(value);
        case "src", "href", "xlink:href", "data", "action" -> {
          if (element.equals("script") || !(value.startsWith("data:") || value.startsWith("#"))) {
            problems.add("<%s %s> is from elsewhere: %s".formatted(element, name, value));
          }
        }
        default -> {}
      }
    }
  }
}
