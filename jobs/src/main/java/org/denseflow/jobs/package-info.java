/** Jobs: what a user starts, and what all jobs share. */
package org.denseflow.jobs;
