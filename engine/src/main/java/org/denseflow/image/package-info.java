/**
 * Images in and out: decoding under limits, the one resize, encoding. Nothing here knows about
 * features or flow.
 */
package org.denseflow.image;
