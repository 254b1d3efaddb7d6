/**
 * Histograms of oriented gradients as a backbone, and their cells for the methods that match
 * regions.
 */
package org.denseflow.backbone.hog;
