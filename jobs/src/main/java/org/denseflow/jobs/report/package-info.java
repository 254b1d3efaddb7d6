/** ReportJob: any run's output as pages that a browser opens without a network. */
package org.denseflow.jobs.report;
