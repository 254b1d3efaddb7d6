/** ProjectionJob: the principal components of a backbone's features, from a sample of images. */
package org.denseflow.jobs.projection;
