/**
 * AttributeTransferJob: pairs of images to stylised images, on the plan and the commits of {@link
 * org.denseflow.jobs.run}. What is computed of a pair is in {@code org.denseflow.transfer}.
 */
package org.denseflow.jobs.transfer;
