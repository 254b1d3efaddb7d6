/**
 * The flow field, its up-sampling, its file formats and its pictures. Flow is data here: who
 * computed it is the matcher's affair, what it scores that of the metrics.
 */
package org.denseflow.flow;
