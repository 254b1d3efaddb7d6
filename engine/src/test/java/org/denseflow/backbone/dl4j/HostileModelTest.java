package org.denseflow.backbone.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.denseflow.Fuzzing;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.backbone.Preprocessing.Channels;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;

/** Files that are damaged, or made to harm whoever reads them. */
class HostileModelTest {
  private static boolean wasMade;

  @TempDir private Path folder;
  private Path file;

  /** What a hostile file names: any class on the class path will do. */
  public static final class Loaded {
    static {
      wasMade = true;
    }
  }

  @BeforeEach
  void save() throws IOException {
    file =
        Zoo.save(
            folder.resolve("tiny.zip"),
            Zoo.graph(CNN2DFormat.NCHW, DataType.FLOAT),
            new ImagePreProcessingScaler(0, 1));
  }

  private static void read(Path path) {
    try (Backbone made = Backbones.create(BackboneSpec.ofFile(path, List.of()))) {
      assertThat(made.taps()).isNotEmpty();
    }
  }

  private String configuration() throws IOException {
    return new String(
        Zoo.entries(file).get(ModelSerializer.CONFIGURATION_JSON), StandardCharsets.UTF_8);
  }

  private void assertRefused(String entry, String content, String message) throws IOException {
    assertRefused(Zoo.changed(file, entry, content.getBytes(StandardCharsets.UTF_8)), message);
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> read(path))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(path.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.deeplearning4j.nn.conf.layers.ConvolutionLayer",
        "org.deeplearning4j.nn.conf.graph.ElementWiseVertex",
        "org.nd4j.linalg.activations.impl.ActivationTanH",
        "org.nd4j.linalg.learning.config.Sgd"
      })
  void classesOfOthersAreNeverLoaded(String replaced) throws IOException {
    wasMade = false;
    String hostile = configuration().replace(replaced, Loaded.class.getName());
    assertThat(hostile).contains(Loaded.class.getName());
    assertRefused(
        ModelSerializer.CONFIGURATION_JSON, hostile, "$Loaded is none of the layers and vertices");
    assertThat(wasMade).isFalse();
  }

  /** Of two keys of one name our reader takes the last, DL4J's the first. */
  @Test
  void aSecondNameHidesNoClass() throws IOException {
    wasMade = false;
    String known = "\"@class\" : \"org.deeplearning4j.nn.conf.layers.ActivationLayer\"";
    String hostile =
        configuration()
            .replace(known, "\"@class\" : \"%s\", %s".formatted(Loaded.class.getName(), known));
    assertThat(hostile).contains(Loaded.class.getName());
    read(
        Zoo.changed(
            file, ModelSerializer.CONFIGURATION_JSON, hostile.getBytes(StandardCharsets.UTF_8)));
    assertThat(wasMade).isFalse();
  }

  @Test
  void layersThatMixImagesOrRunCodeAreRefused() throws IOException {
    for (String other :
        List.of(
            "graph.StackVertex",
            "layers.samediff.SameDiffLambdaLayer",
            "layers.LSTM",
            "layers.misc.x.FrozenLayer")) {
      String hostile =
          configuration()
              .replace(
                  "org.deeplearning4j.nn.conf.layers.ActivationLayer",
                  "org.deeplearning4j.nn.conf." + other);
      assertRefused(ModelSerializer.CONFIGURATION_JSON, hostile, other + " is none of the layers");
    }
  }

  @Test
  void geometryHasARange() throws IOException {
    for (String stride : List.of("0", "-1", "100000", "1.5", "\"1\"")) {
      String hostile =
          configuration()
              .replaceAll("\"stride\" : \\[ 2, 2 \\]", "\"stride\" : [ 2, " + stride + " ]");
      assertRefused(
          ModelSerializer.CONFIGURATION_JSON, hostile, "stride must be from 1 to 1024, found");
    }
  }

  @Test
  void circlesAndMissingVerticesAreRefused() throws IOException {
    assertRefused(
        ModelSerializer.CONFIGURATION_JSON,
        configuration().replace("\"conv2\" : [ \"pool1\" ]", "\"conv2\" : [ \"relu\" ]"),
        "is a circle of");
    assertRefused(
        ModelSerializer.CONFIGURATION_JSON,
        configuration().replace("\"conv1\" : [ \"image\" ],", "\"gone\" : [ \"image\" ],"),
        "");
    assertRefused(
        ModelSerializer.CONFIGURATION_JSON,
        configuration()
            .replace("\"networkInputs\" : [ \"image\" ]", "\"networkInputs\" : [ \"a\", \"b\" ]"),
        "has inputs [a, b]; it must have one");
    assertRefused(ModelSerializer.CONFIGURATION_JSON, "no json", "is no JSON");
    assertRefused(ModelSerializer.CONFIGURATION_JSON, "{}", "");
  }

  @Test
  void configurationsOfOldDl4jAreRefused() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<?, ?> tree = json.readValue(configuration(), Map.class);
    ((Map<?, ?>) ((Map<?, ?>) tree.get("vertices")).get("add")).remove("@class");
    assertRefused(
        ModelSerializer.CONFIGURATION_JSON,
        json.writeValueAsString(tree),
        "of a DL4J before 1.0.0-beta");
  }

  @Test
  void networksOfALayerStackAreNamed() throws IOException {
    MultiLayerNetwork stack =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(Zoo.convolution(2, Activation.RELU))
                .layer(new CnnLossLayer.Builder().activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(32, 32, 3))
                .build());
    stack.init();
    assertRefused(
        Zoo.save(folder.resolve("stack.zip"), stack, null),
        "it holds a MultiLayerNetwork; save network.toComputationGraph()");
    read(Zoo.save(folder.resolve("graph.zip"), stack.toComputationGraph(), null));
  }

  @Test
  void truncatedAndOtherZips() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Path half = Files.write(folder.resolve("half.zip"), Arrays.copyOf(whole, whole.length / 2));
    assertRefused(half, "the zip is broken");
    Path other =
        Files.write(folder.resolve("other.zip"), Zoo.zip(Map.of("readme", new byte[] {1})));
    assertRefused(other, "no network of DL4J's ModelSerializer: it has no entry configuration");
    assertThatThrownBy(() -> read(folder.resolve("none.zip"))).hasMessageContaining("no such file");
    byte[] parameters = Zoo.entries(file).get(ModelSerializer.COEFFICIENTS_BIN);
    Path cut = Zoo.changed(file, ModelSerializer.COEFFICIENTS_BIN, Arrays.copyOf(parameters, 2000));
    assertRefused(cut, "an array of");
  }

  @Test
  void lengthsAreNotBelieved() throws IOException {
    for (long length : new long[] {1L << 40, -1, Long.MAX_VALUE}) {
      assertRefused(
          Zoo.changed(file, ModelSerializer.COEFFICIENTS_BIN, parameters(length, 10)),
          "an array of " + length);
    }

    assertRefused(
        Zoo.changed(file, ModelSerializer.COEFFICIENTS_BIN, parameters(10, 10)),
        "its 10 parameters are not those of its layers");
  }

  private static byte[] parameters(long length, int values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF("MIXED_DATA_TYPES");
    out.writeLong(1);
    out.writeUTF("LONG");
    out.writeLong(1);
    out.writeUTF("MIXED_DATA_TYPES");
    out.writeLong(length);
    out.writeUTF("FLOAT");

    for (int i = 0; i < values; i++) {
      out.writeFloat(i);
    }

    return bytes.toByteArray();
  }

  @Test
  void aNormaliserThatNamesAClassIsRefused() throws IOException {
    wasMade = false;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF("NORMALIZER");
    out.writeInt(1);
    out.writeUTF("CUSTOM");
    out.writeUTF(Loaded.class.getName());
    assertRefused(
        Zoo.changed(file, ModelSerializer.NORMALIZER_BIN, bytes.toByteArray()),
        "a normaliser of type CUSTOM");
    assertThat(wasMade).isFalse();
  }

  private Path small() throws IOException {
    return Zoo.save(
        folder.resolve("small.zip"), Strict.graph(), new ImagePreProcessingScaler(0, 1));
  }

  /** All that is read of a file, without the network that it is read for. */
  private static void scan(Path path) {
    WeightFile.reading(
        path,
        file -> {
          ModelZip zip = new ModelZip(file);
          assertThat(new TapGraph(zip.configuration()).taps()).isNotEmpty();
          assertThat(zip.normalizer(Channels.BGR)).isNotNull();
          return zip.parameters();
        });
  }

  @Test
  void damagedAtRandom() throws IOException {
    Path damaged = folder.resolve("damaged.zip");
    new Fuzzing("DL4J zip", 64 << 20, WeightException.class)
        .bytes(List.of(Files.readAllBytes(small())), bytes -> scan(Files.write(damaged, bytes)));
  }

  @Test
  void configurationsDamagedAtRandom() throws IOException {
    Map<String, byte[]> entries = Zoo.entries(small());
    byte[] seed = entries.get(ModelSerializer.CONFIGURATION_JSON);
    Path damaged = folder.resolve("damaged.zip");
    new Fuzzing("DL4J configuration", 64 << 20, WeightException.class)
        .text(
            List.of(seed),
            bytes -> {
              entries.put(ModelSerializer.CONFIGURATION_JSON, bytes);
              scan(Files.write(damaged, Zoo.zip(entries)));
            });
  }
}
