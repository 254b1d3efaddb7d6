/**
 * Methods and trainable systems by name: their configurations as presets give them, what files they
 * need, and making them. The only package that knows all methods; their mathematics is in the
 * sub-packages of {@code org.denseflow.matcher}.
 */
package org.denseflow.method;
