/**
 * The appearance of images: VGG-19 encoders and decoders, the statistics of their features, and the
 * training of a decoder. How looks are carried along a flow is in {@code org.denseflow.transfer};
 * SAM-Net's network is in {@code org.denseflow.matcher.recurrent}.
 */
package org.denseflow.style;
