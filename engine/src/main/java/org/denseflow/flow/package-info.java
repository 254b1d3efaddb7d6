/**
 * The flow field, its up-sampling, its file formats and its pictures. Flow is data here: matchers
 * compute it, and metrics score it.
 */
package org.denseflow.flow;
