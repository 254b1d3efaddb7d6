/** What a flow carries from one image to another: masks now, appearance later. */
package org.denseflow.transfer;
