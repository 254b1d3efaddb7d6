/**
 * Region proposals: boxes in one image that are likely to hold an object or a part of one. What is
 * matched by them is in {@code org.denseflow.matcher.proposals}.
 */
package org.denseflow.proposals;
