/** One device for each executor. */
package org.denseflow.jobs.device;
