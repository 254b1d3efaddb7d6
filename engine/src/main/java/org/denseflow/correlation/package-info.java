/** All-pairs correlation of two feature maps, and what can be said of the volume without a flow. */
package org.denseflow.correlation;
