package org.denseflow.matcher;

import java.util.Optional;
import org.denseflow.correlation.BlockCorrelation;
import org.denseflow.graph.Upsampling.Corners;

/**
 * How the volumes of several taps are merged into one.
 *
 * @param merge of their volumes
 * @param upsampling which points of a coarser tap's grid and of the finest coincide when it is
 *     brought to that; {@link Corners#EDGES} if absent
 */
public record VolumeParameters(BlockCorrelation.Merge merge, Optional<Corners> upsampling) {}
