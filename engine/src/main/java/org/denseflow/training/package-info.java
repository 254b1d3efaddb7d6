/**
 * What fits parameters: trainers, optimisers, schedules, prepared examples and their cache. {@link
 * org.denseflow.training.Learner} is what each system implements in its own package; what a
 * gradient passes through is in {@code org.denseflow.graph}.
 */
package org.denseflow.training;
