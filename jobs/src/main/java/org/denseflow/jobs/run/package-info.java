/** DenseFlowJob: pairs in, committed flows out. */
package org.denseflow.jobs.run;
