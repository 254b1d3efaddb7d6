/**
 * TrainJob: trains a system of {@code org.denseflow.matcher} on synthetic pairs, data-parallel,
 * with checkpoints, validation and curves.
 */
package org.denseflow.jobs.training;
