/**
 * What the runs of jobs share: their outline, output directory, chunks, options, image reading, and
 * the {@code flows} table, which other jobs read. No job of its own.
 */
package org.denseflow.jobs.run;
