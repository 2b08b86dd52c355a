// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.trainer.label.LabelCandidates;
import io.deeptweet.trainer.label.LabelCheck;
import io.deeptweet.trainer.label.LabelCheck.Checked;
import io.deeptweet.trainer.label.LabelPublisher;
import io.deeptweet.trainer.label.Labels;
import io.deeptweet.trainer.round.Rounds;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Takes labels, and says which would be most welcome. {@code POST /labels} takes one, a JSON array, or JSON Lines, as
 * {@link LabelCheck} reads them. It answers once Kafka has acknowledged all of them, with what became of each: 200 if
 * all are labels, 422 if some are not (those are on {@code tweets.rejected}, the others are taken: send none again),
 * 400 if the request is not what it says it is, 413 if it is too large, 503 if Kafka did not acknowledge in time (send
 * it again: what comes twice counts once).
 */
@Path("/labels")
@Produces(MediaType.APPLICATION_JSON)
public class LabelsResource {
    private static final Logger LOG = Logger.getLogger(LabelsResource.class);
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSONL = "application/jsonl";
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final int MOST_WANTED = 500;

    private final TrainerService service;
    private final ObjectMapper mapper = new ObjectMapper();

    @Inject
    LabelsResource(TrainerService service) {
        this.service = service;
    }

    /**
     * A record that is no label.
     *
     * @param index its place in the request, from 0
     * @param reason code of {@link Reason}
     */
    public record Bad(int index, String reason, String detail) {}

    /** What became of a request's records. */
    public record Answer(long published, List<Bad> rejected) {}

    /** Why a request was not taken at all. */
    public record Refusal(String error) {}

    @POST
    @Consumes({MediaType.APPLICATION_JSON, NDJSON, JSONL})
    public Response push(@Context HttpHeaders headers, byte[] body) {
        Optional<LabelPublisher> publisher = service.publisher();
        if (publisher.isEmpty()) return unavailable("the trainer is starting");
        if (headers.getMediaType() == null)
            return refuse(
                    415, "say by Content-Type what the request holds: " + MediaType.APPLICATION_JSON + " or " + NDJSON);
        List<byte[]> records;
        try {
            records =
                    headers.getMediaType().isCompatible(MediaType.APPLICATION_JSON_TYPE) ? elements(body) : lines(body);
        } catch (CharacterCodingException e) {
            return refuse(400, "the request is not UTF-8");
        } catch (JsonProcessingException e) {
            return refuse(400, "the request is not JSON: " + e.getOriginalMessage());
        }
        if (records.isEmpty()) return refuse(400, "the request holds no label");
        Settings.Push push = service.settings().push();
        if (records.size() > push.largestBatch())
            return refuse(413, "the request holds " + records.size() + " records, more than " + push.largestBatch());

        Instant now = Instant.now();
        List<Bad> bad = new ArrayList<>();
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            Checked checked = LabelCheck.parse(records.get(i), now);
            if (checked instanceof Checked.Accepted accepted)
                sent.add(publisher.get().publish(accepted.tweet()));
            if (checked instanceof Checked.Refused refused) {
                bad.add(new Bad(i, refused.reason().code(), refused.detail()));
                sent.add(publisher
                        .get()
                        .reject(
                                records.get(i),
                                new Rejection("trainer", refused.reason(), refused.detail(), "POST /labels#" + i)));
            }
            if (sent.get(i).isCompletedExceptionally()) break; // those that follow would only wait to fail likewise
        }
        try {
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                    .get(push.timeout().toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return unavailable(
                    "Kafka did not acknowledge within " + push.timeout().toSeconds() + " s");
        } catch (ExecutionException e) {
            LOG.errorf("Kafka did not take labels: %s", e.getCause().getMessage());
            return unavailable("Kafka did not take the labels");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("the trainer is stopping");
        }
        return Response.status(bad.isEmpty() ? 200 : 422)
                .entity(new Answer(records.size() - bad.size(), bad))
                .build();
    }

    /** A tweet that is worth labelling: what {@code POST /labels} takes, without the label. */
    public record WantedTweet(
            String id,
            String text,
            String feed,
            String author,
            String createdAt,
            float probability,
            String modelVersion) {
        static WantedTweet of(ScoredTweet tweet) {
            return new WantedTweet(
                    tweet.getId(),
                    tweet.getText(),
                    tweet.getFeed(),
                    tweet.getAuthor().orElse(""),
                    tweet.getCreatedAt().toString(),
                    tweet.getProbability(),
                    tweet.getModelVersion());
        }
    }

    /** The scored tweets most worth labelling: the least certain, no near-duplicates, none that has a label. */
    @GET
    @Path("/wanted")
    public Response wanted(
            @QueryParam("limit") @DefaultValue("20") String limit, @QueryParam("feed") Optional<String> feed)
            throws JsonProcessingException {
        if (!limit.matches("[1-9]\\d{0,3}") || Integer.parseInt(limit) > MOST_WANTED)
            return refuse(400, "limit must be 1 to " + MOST_WANTED);
        Optional<Labels> labels = service.rounds().flatMap(Rounds::labels);
        if (labels.isEmpty()) return unavailable("this trainer does not work now, see /status");
        try {
            List<ScoredTweet> wanted =
                    LabelCandidates.of(service.scored(), labels.get()::knows, feed, Integer.parseInt(limit));
            return Response.ok(harmless(mapper.writeValueAsString(
                            wanted.stream().map(WantedTweet::of).toList())))
                    .build();
        } catch (KafkaException e) {
            return unavailable(e.getMessage());
        }
    }

    /** The same JSON with whatever a page or a terminal would obey escaped; it stands within strings only. */
    static String harmless(String json) {
        StringBuilder escaped = new StringBuilder(json.length());
        for (char c : json.toCharArray()) {
            boolean obeyed = c == '<'
                    || c == '>'
                    || c == '&'
                    || Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT && c != '\u200d'
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
            if (obeyed) escaped.append(String.format("\\u%04x", (int) c));
            else escaped.append(c);
        }
        return escaped.toString();
    }

    /** The elements of a JSON array, or the one value that is no array. */
    private List<byte[]> elements(byte[] body) throws CharacterCodingException, JsonProcessingException {
        JsonNode root = mapper.reader()
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(body))
                        .toString());
        List<byte[]> elements = new ArrayList<>();
        if (root instanceof ArrayNode array)
            for (JsonNode element : array) elements.add(mapper.writeValueAsBytes(element));
        else if (!root.isMissingNode()) elements.add(body);
        return elements;
    }

    private static List<byte[]> lines(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        for (int from = 0, to; from < body.length; from = to + 1) {
            to = from;
            while (to < body.length && body[to] != '\n') to++;
            byte[] line = Arrays.copyOfRange(body, from, to);
            if (!new String(line, StandardCharsets.ISO_8859_1).isBlank()) lines.add(line);
        }
        return lines;
    }

    private static Response refuse(int status, String why) {
        return Response.status(status).entity(new Refusal(why)).build();
    }

    private static Response unavailable(String why) {
        return Response.status(503)
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .entity(new Refusal(why))
                .build();
    }
}
