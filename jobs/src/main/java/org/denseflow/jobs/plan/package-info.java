/** The pair list as a graph, cut into tiles and chunks. */
package org.denseflow.jobs.plan;
