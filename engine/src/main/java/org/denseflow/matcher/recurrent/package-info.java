/** Recurrent Transformer Networks (Kim et al., NeurIPS 2018). */
package org.denseflow.matcher.recurrent;
