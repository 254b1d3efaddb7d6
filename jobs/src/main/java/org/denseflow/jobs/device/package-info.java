/** Pins each Spark executor to one GPU. */
package org.denseflow.jobs.device;
