package org.denseflow.jobs.run;

/** Why an image cannot be used: a stable code and a reason that names the file. */
public record ImageFailure(String code, String detail) {}
