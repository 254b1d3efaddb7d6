/**
 * What DenseFlow writes and reads besides images: row types, table schemas, the manifest's format,
 * and the papers' published numbers. Values and formats only: nothing here computes a flow or
 * starts a job.
 */
package org.denseflow.schemas;
