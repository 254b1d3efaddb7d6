/** DrawObjectsJob: a small annotated image set, drawn by the project itself. */
package org.denseflow.jobs.demo;
