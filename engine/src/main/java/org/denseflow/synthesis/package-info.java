/** Images made by the project itself: drawn objects with exact annotations. */
package org.denseflow.synthesis;
