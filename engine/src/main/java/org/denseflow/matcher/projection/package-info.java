/**
 * Features of fewer channels: the principal components of a backbone's cells, found from a sample
 * of images, and the backbone followed by them. How a sample is drawn and described is the jobs'.
 */
package org.denseflow.matcher.projection;
