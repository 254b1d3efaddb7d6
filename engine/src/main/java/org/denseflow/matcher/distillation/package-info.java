/**
 * Training of a compact backbone by the features of a stronger one. Networks themselves are in
 * {@code org.denseflow.backbone}, how parameters are fitted is in {@code org.denseflow.training}.
 */
package org.denseflow.matcher.distillation;
