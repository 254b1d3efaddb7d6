/**
 * Images and pairs made by the project itself: synthetic pairs of one image with exact ground truth
 * ({@link org.denseflow.synthesis.PairDraw} draws a recipe, {@link
 * org.denseflow.synthesis.PairRenderer} makes the views, {@link
 * org.denseflow.synthesis.GroundTruth} gives the flow), and drawn objects with exact annotations.
 */
package org.denseflow.synthesis;
