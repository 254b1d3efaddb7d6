package org.denseflow.backbone.dl4j;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

/** A network that takes only sizes that its stride divides, for tests. */
final class Strict {
  private Strict() {}

  static ComputationGraph graph() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .convolutionMode(ConvolutionMode.Strict)
                .graphBuilder()
                .addInputs("image")
                .addLayer(
                    "pool",
                    new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build(),
                    "image")
                .addLayer(
                    "conv",
                    new org.deeplearning4j.nn.conf.layers.ConvolutionLayer.Builder(1, 1)
                        .nOut(2)
                        .activation(Activation.RELU)
                        .build(),
                    "pool")
                .addLayer(
                    "loss",
                    new CnnLossLayer.Builder().activation(Activation.SOFTMAX).build(),
                    "conv")
                .setOutputs("loss")
                .setInputTypes(InputType.convolutional(64, 64, 3))
                .build());
    graph.init();
    return graph;
  }
}
