/** Speed of the stages beside their floors; {@code scripts/bench} prints them. */
package org.denseflow.jobs.bench;
