package org.dpm.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dpm.core.Node.Entry;
import org.dpm.core.Node.Form;
import org.dpm.core.Node.Items;
import org.dpm.core.Node.Mapping;
import org.dpm.core.Node.Place;
import org.dpm.core.Node.Scalar;
import org.dpm.core.Node.Source;

/**
 * Reads YAML token by token, so that every value knows its line.
 *
 * <p>What an unquoted value is follows the core schema of YAML 1.2, in which {@code 1e-3} is a
 * number and {@code no}, {@code 1:30} and {@code 010} are text.
 */
final class YamlTree {

  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\\.inf|\\.nan",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern LINE = Pattern.compile("line ([0-9]{1,9}), column");

  /** First characters of a value that is not plain: quotes, blocks, tags and anchors. */
  private static final String NOT_PLAIN = "\"'|>!&";

  private final Source source;
  private final List<String> problems;
  private boolean aliases;

  /**
   * @param problems receives duplicate keys, and the like
   */
  YamlTree(Source source, List<String> problems) {
    this.source = source;
    this.problems = problems;
  }

  /**
   * Reads one document.
   *
   * @param path of the value within the pipeline, for messages
   * @return nothing if the text cannot be read, and why is then among the problems
   */
  Optional<Node> read(String text, String path) {
    String readable = withoutTabs(text.startsWith("\uFEFF") ? text.substring(1) : text);
    try (YAMLParser parser = new YAMLFactory().createParser(readable)) {
      if (parser.nextToken() == null) {
        return Optional.of(new Scalar(new Place(source, 1), "", Form.NOTHING));
      }
      Node node = node(parser, readable, path);
      if (parser.nextToken() != null) {
        problem(parser, path, "a second document begins here; one is expected");
        return Optional.empty();
      }
      return aliases ? Optional.empty() : Optional.of(node);
    } catch (JsonProcessingException e) {
      problems.add(new Place(source, line(e)).problem(path, "this is not YAML: " + reason(e)));
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  /** JSON may be indented by tabs, YAML may not. */
  private static String withoutTabs(String text) {
    if (!text.stripLeading().startsWith("{")) {
      return text;
    }
    return Pattern.compile("^[ \t]+", Pattern.MULTILINE)
        .matcher(text)
        .replaceAll(indent -> indent.group().replace('\t', ' '));
  }

  /** The line that the report names last; its location may be where the surrounding part begins. */
  private static int line(JsonProcessingException e) {
    int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    Matcher lines = LINE.matcher(e.getOriginalMessage());
    while (lines.find()) {
      line = Integer.parseInt(lines.group(1));
    }
    return line;
  }

  /**
   * The parser's report without the excerpts of the text, which are indented, and without the names
   * of its own classes.
   */
  private static String reason(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .map(line -> line.replaceFirst(", got this instead: .*", ""))
        .collect(Collectors.joining(", "));
  }

  private Node node(YAMLParser parser, String text, String path) throws IOException {
    if (parser.isCurrentAlias()) {
      problem(parser, path, "aliases (*name) are not read; write the value out");
      aliases = true;
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(parser, text, path);
      case START_ARRAY -> items(parser, text, path);
      default -> scalar(parser, text);
    };
  }

  private Mapping mapping(YAMLParser parser, String text, String path) throws IOException {
    Place place = place(parser);
    Map<String, Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String inner = path.isEmpty() ? name : path + "." + name;
      Place keyPlace = place(parser);
      parser.nextToken();
      Entry entry = new Entry(keyPlace, node(parser, text, inner), Optional.empty());
      Entry first = entries.putIfAbsent(name, entry);
      if (first != null) {
        String lines = "is given twice, on lines %d and %d; remove one";
        String what = lines.formatted(first.place().line(), keyPlace.line());
        problems.add(keyPlace.problem(inner, what));
      }
    }
    return new Mapping(place, entries);
  }

  private Items items(YAMLParser parser, String text, String path) throws IOException {
    Place place = place(parser);
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(parser, text, path + "[" + items.size() + "]"));
    }
    return new Items(place, items);
  }

  private Scalar scalar(YAMLParser parser, String text) throws IOException {
    String value = parser.getText();
    String written = parser.currentToken() == JsonToken.VALUE_NULL ? "" : value;
    return new Scalar(place(parser), written, plain(parser, text) ? form(written) : Form.TEXT);
  }

  /** The parser does not tell quoted from plain text, but the character at its start does. */
  private static boolean plain(YAMLParser parser, String text) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return true;
    }
    int character = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    int start = text.offsetByCodePoints(0, character);
    return start == text.length() || NOT_PLAIN.indexOf(text.charAt(start)) < 0;
  }

  private static Form form(String text) {
    if (text.isEmpty() || text.equals("~") || text.equals("null")) {
      return Form.NOTHING;
    } else if (text.equals("true") || text.equals("false")) {
      return Form.BOOLEAN;
    } else if (INTEGER.matcher(text).matches()) {
      return Form.INTEGER;
    }
    return DECIMAL.matcher(text).matches() ? Form.DECIMAL : Form.TEXT;
  }

  private Place place(YAMLParser parser) {
    return new Place(source, parser.currentTokenLocation().getLineNr());
  }

  private void problem(YAMLParser parser, String path, String what) {
    problems.add(place(parser).problem(path, what));
  }
}
