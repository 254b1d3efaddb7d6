package org.denseflow.flow;

/** Bytes are not a flow file of the expected format. */
public final class FlowFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  FlowFormatException(String message) {
    super(message);
  }

  FlowFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
