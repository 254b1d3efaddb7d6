/**
 * Presets, overrides, and their binding to records. Knows no method: a preset is bound to the
 * record that its method names.
 */
package org.denseflow.config;
