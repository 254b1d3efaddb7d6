package org.denseflow.backbone.dl4j;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;

/** Small networks of DL4J's and their files, for tests. */
final class Zoo {
  /** The size that the head is made for. */
  static final int SIDE = 64;

  private Zoo() {}

  /** A residual unit at stride 4 between convolutions and a classifier. */
  static ComputationGraph graph(CNN2DFormat format, DataType type) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image")
                .addLayer("conv1", convolution(2, Activation.RELU), "image")
                .addLayer("bn1", new BatchNormalization(), "conv1")
                .addLayer("pool1", pooling(), "bn1")
                .addLayer("conv2", convolution(1, Activation.IDENTITY), "pool1")
                .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv2", "pool1")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "add")
                .addLayer("conv3", convolution(2, Activation.TANH), "relu")
                .addLayer("fc", new DenseLayer.Builder().nOut(5).build(), "conv3")
                .addLayer(
                    "classes",
                    new OutputLayer.Builder().nOut(4).activation(Activation.SOFTMAX).build(),
                    "fc")
                .setOutputs("classes")
                .setInputTypes(InputType.convolutional(SIDE, SIDE, 3, format))
                .build());
    graph.init();
    return graph;
  }

  static ConvolutionLayer convolution(int stride, Activation activation) {
    return new ConvolutionLayer.Builder(3, 3)
        .stride(stride, stride)
        .nOut(8)
        .activation(activation)
        .build();
  }

  private static SubsamplingLayer pooling() {
    return new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build();
  }

  /** Saves a network as its users do; the normaliser may be null. */
  static Path save(Path file, Model network, DataNormalization normalizer) throws IOException {
    ModelSerializer.writeModel(network, file.toFile(), true);

    if (normalizer != null) {
      ModelSerializer.addNormalizerToModel(file.toFile(), normalizer);
    }

    return file;
  }

  /** The entries of a file. */
  static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();

    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }

    return entries;
  }

  /** A file of entries. */
  static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }

    return bytes.toByteArray();
  }

  /** The same file with one entry changed. */
  static Path changed(Path file, String entry, byte[] content) throws IOException {
    Map<String, byte[]> entries = entries(file);
    entries.put(entry, content);
    return Files.write(file.resolveSibling("changed.zip"), zip(entries));
  }
}
