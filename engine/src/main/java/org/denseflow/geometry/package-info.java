/**
 * Plane geometry without images: the size of a grid, bilinear positions on it, thin-plate splines
 * and the linear systems that they solve. Maps between views of an image are in {@code
 * org.denseflow.synthesis}.
 */
package org.denseflow.geometry;
