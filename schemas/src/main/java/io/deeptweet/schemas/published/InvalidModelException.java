package io.deeptweet.schemas.published;

/** The model topic does not hold what it says it holds. The message names the version and what is wrong. */
public final class InvalidModelException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidModelException(String message) {
    super(message);
  }
}
