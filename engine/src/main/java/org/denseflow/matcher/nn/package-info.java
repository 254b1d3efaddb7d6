/** Read-outs that look at each source cell alone: nearest neighbour, mutual, kernel soft argmax. */
package org.denseflow.matcher.nn;
