/**
 * Recurrent Transformer Networks (Kim et al., NeurIPS 2018) and SAM-Net (Kim et al., CVPR 2019):
 * passes of a trained network, their training, and the matcher that runs them.
 */
package org.denseflow.matcher.recurrent;
