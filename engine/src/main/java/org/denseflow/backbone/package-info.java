/**
 * Feature extraction. What a {@link org.denseflow.backbone.Backbone} is, and the register of the
 * runtimes that make them; each runtime is a {@link org.denseflow.backbone.BackboneProvider} in a
 * package below this one, which nothing here names.
 */
package org.denseflow.backbone;
