/**
 * Differentiable building blocks of correspondence networks as SameDiff graphs: layers,
 * correlation, read-outs, sampling and losses. Activations are {@code [batch, height, width,
 * channels]}, the batch may be unknown when the graph is built, and every block takes its data type
 * from its input, so that it trains in FLOAT and is checked in DOUBLE. Here belongs what a gradient
 * passes through; the same mathematics for inference, trainers, data and optimisers do not.
 */
package org.denseflow.graph;
