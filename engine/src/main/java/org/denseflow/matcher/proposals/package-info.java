/**
 * Matching by region proposals: Proposal Flow (Ham et al., CVPR 2016) and SCNet (Han et al., ICCV
 * 2017). Features of regions and embeddings that are trained, appearance, Hough voting, and dense
 * flow from matched regions; where regions come from is in {@code org.denseflow.proposals}. The
 * loss of {@link org.denseflow.matcher.proposals.ScnetLearner} scores matches in a graph (Eq. 6 to
 * 12), {@link org.denseflow.matcher.proposals.RegionMatching} in loops over arrays.
 */
package org.denseflow.matcher.proposals;
