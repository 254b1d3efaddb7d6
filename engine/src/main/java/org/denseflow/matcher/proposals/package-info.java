/**
 * Matching by region proposals: Proposal Flow (Ham et al., CVPR 2016) and SCNet (Han et al., ICCV
 * 2017). Features of regions, appearance, Hough voting, and dense flow from matched regions; where
 * regions come from is in {@code org.denseflow.proposals}.
 */
package org.denseflow.matcher.proposals;
