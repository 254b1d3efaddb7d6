package org.denseflow.jobs.run;

import java.io.Serializable;

/** Why an image cannot be used: a stable code and a reason that names the file. */
public record ImageFailure(String code, String detail) implements Serializable {
  private static final long serialVersionUID = 1L;
}
