/**
 * SyntheticPairJob: pairs made from one image each, as recipes or as pixels, and their reader. How
 * a pair is drawn and rendered belongs to the engine.
 */
package org.denseflow.jobs.synthesis;
