/**
 * The methods. {@link org.denseflow.matcher.DenseMatcher} is what jobs see; the mathematics of each
 * method is in its sub-package, one class per group of equations.
 */
package org.denseflow.matcher;
