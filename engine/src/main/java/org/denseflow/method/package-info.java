/**
 * Methods and trainable systems by name, found as services, with the parameters that a
 * configuration gives them and the files that they are given. It names none of them: each is
 * described in its own package.
 */
package org.denseflow.method;
