package org.dpm.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A tree of settings as a flat table. */
final class Leaves {

  private Leaves() {}

  /** Every value by its path, in the order of the tree. */
  static Map<String, String> of(JsonNode tree) {
    Map<String, String> leaves = new LinkedHashMap<>();
    collect("", tree, leaves);
    return leaves;
  }

  private static void collect(String path, JsonNode node, Map<String, String> leaves) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  collect(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue(),
                      leaves));
    } else {
      leaves.put(path, node.isArray() ? node.toString() : node.asText());
    }
  }
}
