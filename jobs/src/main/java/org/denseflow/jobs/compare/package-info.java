/** CompareJob: whether two runs have the same rows. */
package org.denseflow.jobs.compare;
