/** Guided matching: Guided Semantic Flow (Jeon et al., ECCV 2020) without its learned parts. */
package org.denseflow.matcher.guided;
