package io.deeptweet.ingest.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedIntake;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Takes pushed tweets: one, a JSON array, or JSON Lines, in the X API v2's shape. Answers once Kafka has acknowledged all of
 * them, with what became of each: 200 if all are tweets, 422 if some are not (those are on {@code tweets.rejected}, the others
 * are taken: send none again), 400 if the request is not what it says it is, 413 if it is too large, 503 if Kafka did not
 * acknowledge in time (send it again; what was acknowledged comes twice).
 */
@Path("/tweets")
public class TweetsResource {
  private static final Logger LOG = Logger.getLogger(TweetsResource.class);
  private static final String NDJSON = "application/x-ndjson";
  private static final JsonFactory JSON = new JsonFactory();
  private static final int RETRY_AFTER_SECONDS = 5;

  private final IngestService service;
  private final Feeds feeds;

  @Inject
  TweetsResource(IngestService service, Feeds feeds) {
    this.service = service;
    this.feeds = feeds;
  }

  /**
   * A record that is no tweet.
   *
   * @param index its place in the request, from 0
   * @param reason code of {@link Reason}
   */
  public record Bad(int index, String reason, String detail) {}

  /** What became of a request's records. */
  public record Answer(String feed, long published, long filtered, List<Bad> rejected) {}

  /** Why a request was not taken at all. */
  public record Refusal(String error) {}

  @POST
  @Blocking
  @Consumes({MediaType.APPLICATION_JSON, NDJSON, "application/jsonl"})
  @Produces(MediaType.APPLICATION_JSON)
  public Response push(@QueryParam("feed") Optional<String> feed, @HeaderParam(HttpHeaders.CONTENT_TYPE) String type, byte[] body) throws InterruptedException {
    Optional<IngestService.Started> started = service.started();
    if (started.isEmpty()) return unavailable("ingest is starting");
    Settings.Push push = started.get().settings().push();
    String name = feed.orElse(push.defaultFeed());
    if (!Feed.isName(name)) return refuse(400, "feed must be 1 to 64 lower-case letters, digits, '.', '_' and '-'");
    List<byte[]> records;
    try {
      records = type.startsWith(MediaType.APPLICATION_JSON) ? elements(body) : lines(body);
    } catch (IOException e) {
      records = List.of(body); // not one record can be told from another: the whole is refused, and kept
    }
    if (records.isEmpty()) return refuse(400, "the request holds no tweet");
    if (records.size() > push.largestBatch()) return refuse(413, "the request holds " + records.size() + " records, more than " + push.largestBatch());
    FeedIntake intake;
    try {
      intake = feeds.pushed(name, push.languages(), started.get().publisher());
    } catch (IllegalArgumentException e) {
      return refuse(400, e.getMessage());
    }

    TweetParser parser = new TweetParser(name, false, Clock.systemUTC());
    List<Bad> bad = new ArrayList<>();
    List<CompletableFuture<FeedIntake.Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      ParsedTweet parsed = parser.parse(records.get(i), Optional.empty());
      if (parsed instanceof ParsedTweet.Refused refused) bad.add(new Bad(i, refused.reason().code(), refused.detail()));
      outcomes.add(intake.take(parsed, records.get(i), "POST /tweets#" + i));
    }
    try {
      CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)).get(push.timeout().toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      LOG.errorf("Kafka did not take pushed tweets: %s", e.getCause().getMessage());
      return unavailable("Kafka did not take the tweets");
    } catch (TimeoutException e) {
      return unavailable("Kafka did not acknowledge within " + push.timeout().toSeconds() + " s");
    }
    long published = outcomes.stream().filter(outcome -> outcome.join() == FeedIntake.Outcome.PUBLISHED).count();
    Answer answer = new Answer(name, published, outcomes.size() - published - bad.size(), bad);
    boolean unreadable = bad.size() == 1 && records.size() == 1 && records.get(0) == body && bad.get(0).reason().equals(Reason.MALFORMED.code());
    return Response.status(bad.isEmpty() ? 200 : unreadable ? 400 : 422).entity(answer).build();
  }

  /** The elements of a JSON array byte for byte, or the body itself if it is no array. */
  private static List<byte[]> elements(byte[] body) throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) return parser.currentToken() == null ? List.of() : List.of(body);
      List<byte[]> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == null) throw new IOException("the array does not end");
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        elements.add(Arrays.copyOfRange(body, from, (int) parser.currentLocation().getByteOffset()));
      }
      if (parser.nextToken() != null) throw new IOException("something follows the array");
      return elements;
    }
  }

  private static List<byte[]> lines(byte[] body) {
    List<byte[]> lines = new ArrayList<>();
    for (int from = 0, to; from < body.length; from = to + 1) {
      to = from;
      while (to < body.length && body[to] != '\n') to++;
      int end = to > from && body[to - 1] == '\r' ? to - 1 : to;
      if (end > from) lines.add(Arrays.copyOfRange(body, from, end));
    }
    return lines;
  }

  private static Response refuse(int status, String why) {
    return Response.status(status).entity(new Refusal(why)).build();
  }

  private static Response unavailable(String why) {
    return Response.status(503).header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).entity(new Refusal(why)).build();
  }
}
