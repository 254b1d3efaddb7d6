/**
 * MaskTransferJob: from a few masked images to masks of a whole collection, class by class. What is
 * computed of one target and its exemplars is in {@code org.denseflow.transfer}.
 */
package org.denseflow.jobs.masks;
