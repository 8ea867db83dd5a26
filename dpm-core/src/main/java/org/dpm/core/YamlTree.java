package org.dpm.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dpm.core.Node.Entry;
import org.dpm.core.Node.Form;
import org.dpm.core.Node.Items;
import org.dpm.core.Node.Mapping;
import org.dpm.core.Node.Place;
import org.dpm.core.Node.Scalar;
import org.dpm.core.Node.Source;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML as a tree in which every value knows its line.
 *
 * <p>What an unquoted value is follows the core schema of YAML 1.2, in which {@code 1e-3} is a
 * number and {@code no}, {@code 1:30} and {@code 010} are text.
 */
final class YamlTree {

  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "(?i)[-+]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\\.inf|\\.nan");

  private final Source source;
  private final List<String> problems;
  private boolean understood = true;

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
    try {
      Composer documents = documents(readable);
      if (!documents.checkNode()) {
        return Optional.of(new Scalar(new Place(source, 1), "", Form.NOTHING));
      }
      Node node = node(documents.getNode(), path);
      if (documents.checkNode()) {
        Place place = place(documents.getNode().getStartMark());
        refuse(place, path, "a second document begins here; one is expected");
      }
      return understood ? Optional.of(node) : Optional.empty();
    } catch (MarkedYAMLException e) {
      String context = e.getContext() == null ? "" : e.getContext() + ", ";
      refuse(place(e.getProblemMark()), path, "this is not YAML: " + context + e.getProblem());
    } catch (YAMLException e) {
      // A character that no text has, or too many levels: told without a mark.
      problems.add(new Place(source, 1).problem(path, "this is not YAML: " + e.getMessage()));
    }
    return Optional.empty();
  }

  /** JSON may be indented by tabs, YAML may not. */
  private static String withoutTabs(String text) {
    Pattern indent = Pattern.compile("(?m)^[ \t]+");
    return text.stripLeading().startsWith("{")
        ? indent.matcher(text).replaceAll(found -> found.group().replace('\t', ' '))
        : text;
  }

  /** Aliases are read as a plain *, which nothing else can be, so that they keep their places. */
  private static Composer documents(String text) {
    LoaderOptions options = new LoaderOptions();
    ParserImpl parser =
        new ParserImpl(new StreamReader(text), options) {
          @Override
          public boolean checkEvent(Event.ID id) {
            return super.checkEvent(Event.ID.Alias) ? id == Event.ID.Scalar : super.checkEvent(id);
          }

          @Override
          public Event getEvent() {
            Event event = super.getEvent();
            Mark place = event.getStartMark();
            ImplicitTuple plain = new ImplicitTuple(true, false);
            return event.is(Event.ID.Alias)
                ? new ScalarEvent(null, null, plain, "*", place, place, ScalarStyle.PLAIN)
                : event;
          }
        };
    Resolver plainOrText =
        new Resolver() {
          @Override
          public Tag resolve(NodeId kind, String value, boolean plain) {
            return plain ? new Tag("plain") : Tag.STR;
          }
        };
    return new Composer(parser, plainOrText, options);
  }

  private Node node(org.yaml.snakeyaml.nodes.Node written, String path) {
    Place place = place(written.getStartMark());
    if (written instanceof MappingNode mapping) {
      return new Mapping(place, entries(mapping, path));
    } else if (written instanceof SequenceNode sequence) {
      List<Node> items = new ArrayList<>();
      sequence.getValue().forEach(item -> items.add(node(item, path + "[" + items.size() + "]")));
      return new Items(place, items);
    }
    ScalarNode scalar = (ScalarNode) written;
    String text = scalar.getValue();
    boolean plain = scalar.isPlain() && !scalar.getTag().equals(Tag.STR);
    if (plain && text.equals("*")) {
      refuse(place, path, "aliases (*name) are not read; write the value out");
    }
    return new Scalar(place, text, plain ? form(text) : Form.TEXT);
  }

  private Map<String, Entry> entries(MappingNode mapping, String path) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = node(tuple.getKeyNode(), path);
      if (!(key instanceof Scalar name)) {
        refuse(key.place(), path, "this is not YAML: a name must be text, but is " + key.shown());
        continue;
      }
      String inner = path.isEmpty() ? name.text() : path + "." + name.text();
      Entry entry = new Entry(name.place(), node(tuple.getValueNode(), inner), Optional.empty());
      Entry first = entries.putIfAbsent(name.text(), entry);
      if (first != null) {
        String lines = "is given twice, on lines %d and %d; remove one";
        String what = lines.formatted(first.place().line(), name.place().line());
        problems.add(name.place().problem(inner, what));
      }
    }
    return entries;
  }

  private static Form form(String text) {
    if (List.of("", "~", "null", "Null", "NULL").contains(text)) {
      return Form.NOTHING;
    } else if (text.equals("true") || text.equals("false")) {
      return Form.BOOLEAN;
    } else if (INTEGER.matcher(text).matches()) {
      return Form.INTEGER;
    }
    return DECIMAL.matcher(text).matches() ? Form.DECIMAL : Form.TEXT;
  }

  private Place place(Mark mark) {
    return new Place(source, mark.getLine() + 1);
  }

  private void refuse(Place place, String path, String what) {
    problems.add(place.problem(path, what));
    understood = false;
  }
}
