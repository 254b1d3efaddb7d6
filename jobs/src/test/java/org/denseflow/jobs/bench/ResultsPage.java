package org.denseflow.jobs.bench;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.denseflow.schemas.SummaryRow;

/**
 * The results page, {@code engine/RESULTS.md}: sections of commands and of the figures that they
 * leave in {@code summary.json}.
 */
public final class ResultsPage {
  private static final Pattern CODE = Pattern.compile("(?s)```\n(.*?)```");
  private static final String QUICK = "Checked by `scripts/test`.";

  private ResultsPage() {}

  /**
   * Commands and the figures of their outputs.
   *
   * @param commands one line each, with {@code $DATA} and {@code $OUT}
   * @param isQuick whether tests run it
   */
  public record Section(
      String title, List<String> commands, List<Figure> figures, boolean isQuick) {}

  /**
   * A number that the page states.
   *
   * @param output folder below {@code $OUT} with the {@code summary.json}
   * @param stated as the page prints it
   */
  public record Figure(String output, String category, String metric, String stated) {

    /** What is wrong with it, beside the rows of its output; empty if it is as stated. */
    public Optional<String> difference(List<SummaryRow> summary) {
      List<SummaryRow> found =
          summary.stream()
              .filter(row -> row.category().equals(category) && row.metric().equals(metric))
              .filter(row -> row.pairs() > 0)
              .toList();

      if (found.size() != 1) {
        return Optional.of("%s: %d rows in summary.json".formatted(this, found.size()));
      }

      BigDecimal unit = new BigDecimal(stated).ulp();
      double value = found.get(0).value();
      boolean isSame = Math.abs(value - Double.parseDouble(stated)) <= unit.doubleValue();
      return isSame
          ? Optional.empty()
          : Optional.of(String.format(Locale.ROOT, "%s: now %.4f", this, value));
    }

    @Override
    public String toString() {
      return "%s, %s, %s: stated %s".formatted(output, category, metric, stated);
    }
  }

  /** The sections that have commands. */
  public static List<Section> parse(String page) {
    return Arrays.stream(page.split("(?m)^## "))
        .skip(1)
        .map(ResultsPage::section)
        .filter(section -> !section.commands().isEmpty())
        .toList();
  }

  private static Section section(String text) {
    List<String> commands = new ArrayList<>();
    Matcher blocks = CODE.matcher(text);

    while (blocks.find()) {
      blocks.group(1).replace("\\\n", " ").lines().map(String::strip).forEach(commands::add);
    }

    String title = text.lines().findFirst().orElseThrow();
    return new Section(title, commands, figures(text), text.contains(QUICK));
  }

  private static List<Figure> figures(String text) {
    List<Figure> figures = new ArrayList<>();
    List<String> header = List.of();

    for (String line : text.lines().toList()) {
      List<String> cells =
          line.startsWith("|")
              ? Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList()
              : List.of();

      if (cells.isEmpty() || cells.get(0).equals("output")) {
        header = cells;
      } else if (!header.isEmpty() && !cells.get(0).startsWith("---")) {
        for (int column = 2; column < cells.size(); column++) {
          figures.add(
              new Figure(cells.get(0), cells.get(1), header.get(column), cells.get(column)));
        }
      }
    }

    return figures.stream().filter(figure -> !figure.stated().isEmpty()).toList();
  }
}
