/** CompareJob: what two runs of a job have in common, column by column, and what not. */
package org.denseflow.jobs.compare;
