/**
 * Convolutional networks on ND4J. A network is described once, as a list of layer records, and run
 * two ways: {@link org.denseflow.backbone.network.DirectNetwork} for inference, {@link
 * org.denseflow.backbone.network.SameDiffNetwork} for training.
 */
package org.denseflow.backbone.network;
