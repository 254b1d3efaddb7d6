/** What a flow carries from one image to another: masks, and appearance (SAM-Net, CVPR 2019). */
package org.denseflow.transfer;
