/** Guided Semantic Flow (Jeon et al., ECCV 2020), with its learned parts and without. */
package org.denseflow.matcher.guided;
