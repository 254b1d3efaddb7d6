/** EvaluateJob: committed flows and annotations in, scores out. */
package org.denseflow.jobs.evaluate;
