/**
 * Feature extraction. A network is described once, as a list of layer records, and run by {@link
 * org.denseflow.backbone.DirectNetwork}.
 */
package org.denseflow.backbone;
