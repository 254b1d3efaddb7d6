package org.denseflow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigBinderTest {

  enum Merge {
    PRODUCT,
    WEIGHTED_SUM
  }

  record Inner(double softBeta, Merge merge) {
    Inner {
      if (softBeta <= 0) {
        throw new IllegalArgumentException("soft-beta must be positive, found " + softBeta);
      }
    }
  }

  record Outer(
      String name, int chunkPairs, List<Double> sigmas, Inner inner, Optional<Inner> more) {}

  @Test
  void bindsNestedRecordsListsEnumsAndAbsentValues() {
    Config config =
        Presets.parse(
            "name = a, chunk-pairs = 7, sigmas = [1, 2.5], inner { soft-beta = 3, merge = weighted-sum }",
            "test");
    assertThat(ConfigBinder.bind(config, Outer.class))
        .isEqualTo(
            new Outer(
                "a", 7, List.of(1.0, 2.5), new Inner(3, Merge.WEIGHTED_SUM), Optional.empty()));
  }

  @Test
  void reportsEveryErrorAtOnceWithItsPlace() {
    Config config =
        Presets.parse(
            "name = a\nchunk-pairs = many\nsigmas = 3\ninner { soft-beta = 1, merge = mean, betta = 2 }",
            "own.conf");
    assertThatThrownBy(() -> ConfigBinder.bind(config, Outer.class))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("chunk-pairs is many, expected a whole number (own.conf: 2)")
        .hasMessageContaining("sigmas is 3, expected a list")
        .hasMessageContaining("inner.merge is mean, expected one of [product, weighted-sum]")
        .hasMessageContaining("unknown key inner.betta (own.conf: 4)");
  }

  @Test
  void reportsWhatARecordRefusesAndWhatIsMissing() {
    Config config =
        Presets.parse("name = a, inner { soft-beta = -1, merge = product }, sigmas = []", "x");
    assertThatThrownBy(() -> ConfigBinder.bind(config, Outer.class))
        .hasMessageContaining("inner: soft-beta must be positive, found -1.0")
        .hasMessageContaining("missing key chunk-pairs");
  }

  @Test
  void overridesWinAndMalformedOnesAreNamed() {
    Config config = Presets.overrides(List.of("a.b=1", "a.b=2"));
    assertThat(config.getInt("a.b")).isEqualTo(2);
    assertThatThrownBy(() -> Presets.overrides(List.of("nonsense")))
        .hasMessageContaining("--set nonsense is not of the form key=value");
  }
}
