/**
 * Feature extraction. A network is described once, as a list of layer records, and run two ways:
 * {@link org.denseflow.backbone.DirectNetwork} for inference, {@link
 * org.denseflow.backbone.SameDiffNetwork} for training.
 */
package org.denseflow.backbone;
