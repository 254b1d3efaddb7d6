package org.denseflow.jobs.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Pairs without a score for people: a line per cause, with an example and the mend. */
final class UnscoredReport {

  private UnscoredReport() {}

  static String of(List<UnscoredMetric> gaps) {
    Map<String, List<UnscoredMetric>> causes =
        gaps.stream()
            .collect(
                Collectors.groupingBy(
                    UnscoredMetric::cause, LinkedHashMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder();
    causes.forEach((cause, own) -> text.append(line(cause, own)));
    return text.toString();
  }

  private static String line(String cause, List<UnscoredMetric> gaps) {
    UnscoredMetric first = gaps.get(0);
    String detail = first.detail().isEmpty() ? "" : " (" + first.detail() + ")";
    return "  %s: %d %s, such as %s%s; to mend it, %s%n"
        .formatted(
            cause,
            gaps.size(),
            gaps.size() == 1 ? "pair" : "pairs",
            first.pairId(),
            detail,
            first.reason().mend());
  }
}
