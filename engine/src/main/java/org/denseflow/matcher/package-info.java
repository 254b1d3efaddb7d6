/**
 * What all methods share: {@link org.denseflow.matcher.DenseMatcher}, which jobs see, what a method
 * computes of an image ({@link org.denseflow.matcher.ImageFeatures}), describing images at a
 * working size, volumes with a read-out, and decoding flows. The mathematics of each method is in
 * its sub-package, one class per group of equations; nothing here knows them.
 */
package org.denseflow.matcher;
