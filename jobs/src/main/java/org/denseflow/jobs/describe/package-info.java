/**
 * DescribeJob: the features of each image of a collection, once, for the runs that match them. How
 * tasks find them again is in {@code run}, with what describes images.
 */
package org.denseflow.jobs.describe;
