package org.denseflow.jobs.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Chooses the pairs that a contact sheet shows. */
final class ContactSheetPairs {

  private ContactSheetPairs() {}

  /** Pair ids taken in turn from each category, the first of each first. */
  static List<String> choose(List<Row> pairs, int count) {
    Map<String, List<String>> categories = new LinkedHashMap<>();

    for (Row row : pairs) {
      categories.computeIfAbsent(row.getString(1), c -> new ArrayList<>()).add(row.getString(0));
    }

    List<String> chosen = new ArrayList<>();

    for (int round = 0; chosen.size() < count && round < pairs.size(); round++) {
      for (List<String> ids : categories.values()) {
        if (round < ids.size() && chosen.size() < count) {
          chosen.add(ids.get(round));
        }
      }
    }

    return chosen;
  }
}
