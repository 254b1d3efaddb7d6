/** All-pairs correlation of two feature maps, and measures of the volume that need no flow. */
package org.denseflow.correlation;
