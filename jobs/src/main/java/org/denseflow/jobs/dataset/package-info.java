/**
 * Datasets as people have them on disk: one reader per layout turns a folder or a list into image
 * pairs with their annotations. Readers look at lists and annotations only; images, masks and
 * ground-truth flows stay URIs until a task needs them. No reader scores, matches or plans.
 */
package org.denseflow.jobs.dataset;
