package org.denseflow.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.denseflow.schemas.SummaryRow;

/** Runs the commands of the results page and compares what they leave with what it states. */
final class ResultsCheck {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultsCheck() {}

  /**
   * @param arguments the repository, the folder of the data, a folder for outputs, and words of
   *     section titles; none for all
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path home = Path.of(arguments[0]);
    List<String> words = Arrays.asList(arguments).subList(3, arguments.length);
    int wrong = 0;

    for (ResultsPage.Section section :
        ResultsPage.parse(Files.readString(home.resolve("engine/RESULTS.md")))) {
      if (words.isEmpty() || words.stream().anyMatch(section.title()::contains)) {
        System.out.println("== " + section.title());
        wrong += check(section, home, arguments[1], Path.of(arguments[2]));
      }
    }

    System.out.printf("%d figures differ from the page%n", wrong);
    System.exit(wrong == 0 ? 0 : 1);
  }

  private static int check(ResultsPage.Section section, Path home, String data, Path out)
      throws IOException, InterruptedException {
    for (String command : section.commands()) {
      System.out.println("   " + command);
      ProcessBuilder shell = new ProcessBuilder("bash", "-c", command).directory(home.toFile());
      shell.environment().put("DATA", data);
      shell.environment().put("OUT", out.toString());
      shell.redirectErrorStream(true).redirectOutput(out.resolve("log.txt").toFile());

      if (shell.start().waitFor() != 0) {
        List<String> log = Files.readAllLines(out.resolve("log.txt"));
        log.subList(Math.max(0, log.size() - 20), log.size()).forEach(System.out::println);
        return section.figures().size();
      }
    }

    int wrong = 0;

    for (ResultsPage.Figure figure : section.figures()) {
      Path file = out.resolve(figure.output()).resolve("summary.json");
      Optional<String> difference =
          figure.difference(List.of(JSON.readValue(file.toFile(), SummaryRow[].class)));
      System.out.println("   " + difference.orElse(figure + ", as now"));
      wrong += difference.isPresent() ? 1 : 0;
    }

    return wrong;
  }
}
