/** DenseFlowJob: the flow of each pair, and what is made of flows on request. */
package org.denseflow.jobs.flow;
