package org.denseflow.synthesis;

/** A point in normalised coordinates. */
public record Point(double x, double y) {}
