package io.deeptweet.ingest.tweet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes tweets of what sources deliver, or says why it can't.
 *
 * <p>JSON is the X API v2's, as its filtered stream sends it, {@code {"data": {"id", "text", "created_at", "lang", "author_id"},
 * "includes": {"users": [{"id", "username"}]}}}, or the object in {@code data} alone. Dates are ISO 8601 (a space will do for
 * the T) or X's older {@code Sun May 17 01:30:56 +0000 2009}; a tweet without one was written now.
 *
 * @see <a href="https://docs.x.com/x-api/posts/filtered-stream/introduction">X API v2, filtered stream</a>
 */
public final class TweetParser {
  /** Longest text, in UTF-16 units: four times what X allows its longest posts. */
  public static final int LONGEST_TEXT = 100_000;

  private static final int LONGEST_ID = 256;
  private static final int LONGEST_QUOTE = 80;
  private static final DateTimeFormatter OLD_DATE = DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss Z yyyy", Locale.ROOT);
  private static final ObjectReader JSON = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
      .build()
      .readerFor(JsonNode.class);

  private final String feed;
  private final boolean datedNow;
  private final Clock clock;

  /**
   * @param feed the feed that the tweets belong to
   * @param datedNow whether tweets count as written now, whatever their date says
   */
  public TweetParser(String feed, boolean datedNow, Clock clock) {
    this.feed = feed;
    this.datedNow = datedNow;
    this.clock = clock;
  }

  /**
   * Reads one JSON object.
   *
   * @param json UTF-8
   * @param otherwiseId the id of a tweet that has none; empty to refuse it
   */
  public ParsedTweet parse(byte[] json, Optional<String> otherwiseId) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return new ParsedTweet.Refused(Reason.MALFORMED, "not JSON: " + e.getOriginalMessage());
    } catch (IOException e) { // such as bytes that are no UTF-8
      return new ParsedTweet.Refused(Reason.MALFORMED, "not JSON: " + e.getMessage());
    }
    if (!root.isObject()) return new ParsedTweet.Refused(Reason.MALFORMED, "not a JSON object");
    JsonNode data = root.path("data");
    if (!data.isMissingNode() && !data.isObject()) return new ParsedTweet.Refused(Reason.INVALID_FIELD, "data is not an object");
    JsonNode tweet = data.isObject() ? data : root;
    try {
      Optional<String> author = scalar(tweet, "author_id");
      for (JsonNode user : root.path("includes").path("users"))
        if (author.isPresent() && author.equals(scalar(user, "id"))) author = scalar(user, "username").or(() -> scalar(tweet, "author_id"));
      return parse(
          new TweetFields(scalar(tweet, "id"), scalar(tweet, "text"), scalar(tweet, "created_at"), scalar(tweet, "lang"), author.or(() -> scalar(tweet, "author"))),
          otherwiseId);
    } catch (NotAScalar e) {
      return new ParsedTweet.Refused(Reason.INVALID_FIELD, e.getMessage());
    }
  }

  /** Checks fields; as {@link #parse(byte[], Optional)}. */
  public ParsedTweet parse(TweetFields fields, Optional<String> otherwiseId) {
    Optional<String> id = fields.id().filter(found -> !found.isBlank()).or(() -> otherwiseId);
    if (id.isEmpty()) return new ParsedTweet.Refused(Reason.NO_ID, "the tweet has no id");
    if (id.get().length() > LONGEST_ID) return new ParsedTweet.Refused(Reason.INVALID_FIELD, "the id has " + id.get().length() + " characters, more than " + LONGEST_ID);
    Optional<String> text = fields.text().filter(found -> !found.isBlank());
    if (text.isEmpty()) return new ParsedTweet.Refused(Reason.NO_TEXT, "the tweet has no text");
    if (text.get().length() > LONGEST_TEXT) return new ParsedTweet.Refused(Reason.TOO_LARGE, "the text has " + text.get().length() + " characters, more than " + LONGEST_TEXT);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant created = now;
    if (!datedNow && fields.createdAt().isPresent()) {
      Optional<Instant> date = date(fields.createdAt().get().strip());
      if (date.isEmpty()) return new ParsedTweet.Refused(Reason.INVALID_FIELD, "created_at is no date from 1970 on: " + quote(fields.createdAt().get()));
      created = date.get();
    }
    return new ParsedTweet.Accepted(new Tweet(
        id.get().strip(),
        text.get(),
        feed,
        fields.language().map(String::strip).filter(language -> !language.isEmpty()).orElse(null),
        fields.author().filter(author -> !author.isBlank()).orElse(null),
        created,
        now));
  }

  private static Optional<Instant> date(String written) {
    Optional<Instant> date = Optional.empty();
    try {
      String iso = written.length() > 10 && written.charAt(10) == ' ' ? written.substring(0, 10) + 'T' + written.substring(11).strip() : written;
      date = Optional.of(OffsetDateTime.parse(iso).toInstant());
    } catch (DateTimeException notIso) {
      try {
        date = Optional.of(OffsetDateTime.parse(written, OLD_DATE).toInstant());
      } catch (DateTimeException notOld) {
        // no date
      }
    }
    return date.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS)).filter(instant -> instant.getEpochSecond() >= 0);
  }

  private static final class NotAScalar extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAScalar(String field) {
      super(field + " is neither text nor a number", null, false, false);
    }
  }

  /** Text or a whole number as text; empty for null and for what is not there. */
  private static Optional<String> scalar(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) return Optional.empty();
    if (value.isTextual() || value.isIntegralNumber()) return Optional.of(value.asText());
    throw new NotAScalar(field);
  }

  private static String quote(String value) {
    return '"' + (value.length() <= LONGEST_QUOTE ? value : value.substring(0, LONGEST_QUOTE) + "…") + '"';
  }
}
