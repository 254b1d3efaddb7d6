/**
 * SFNet (Lee et al., CVPR 2019): adaptation layers on a frozen backbone, learned from synthetic
 * pairs with foreground masks. {@link org.denseflow.matcher.sfnet.SfnetLearner} trains them, {@link
 * org.denseflow.matcher.sfnet.AdaptedBackbone} uses them. The read-out of Eq. 2-3 for inference is
 * {@code matcher.nn.KernelSoftArgmax}.
 */
package org.denseflow.matcher.sfnet;
