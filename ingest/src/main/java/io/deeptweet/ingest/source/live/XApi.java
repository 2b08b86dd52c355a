// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Requests to the X API v2. X renames its fields: what is called {@code tweet.fields} for one path is called
 * {@code post.fields} for another. A request that is refused as wrong is sent once with the other names.
 *
 * @see <a href="https://api.x.com/2/openapi.json">The OpenAPI description</a>
 */
final class XApi {
    static final String STREAM = "/2/tweets/search/stream";
    static final String RULES = "/2/tweets/search/stream/rules";
    static final String SEARCH = "/2/tweets/search/recent";
    static final String COUNTS = "/2/tweets/counts/recent";

    private static final int BAD_REQUEST = 400;
    private static final int LARGEST_ANSWER = 16 << 20;
    private static final int LARGEST_LINE = 1; // an answer is not read by lines

    /** The names of fields. */
    enum Names {
        TWEETS {
            @Override
            Map<String, String> parameters(boolean expand) {
                String fields = "author_id,created_at,edit_history_tweet_ids,in_reply_to_user_id,lang,note_tweet,"
                        + "referenced_tweets";
                return expand
                        ? Map.of(
                                "tweet.fields",
                                fields,
                                "expansions",
                                "author_id,referenced_tweets.id",
                                "user.fields",
                                "username")
                        : Map.of("tweet.fields", fields);
            }
        },
        /** Here, authors and references come by expansions only. */
        POSTS {
            @Override
            Map<String, String> parameters(boolean expand) {
                String fields = "created_at,lang,note_post";
                String expansions = "author_id,edit_history_post_ids,in_reply_to_user_id,referenced_posts";
                return expand
                        ? Map.of("post.fields", fields, "expansions", expansions, "user.fields", "username")
                        : Map.of("post.fields", fields, "expansions", expansions);
            }
        };

        abstract Map<String, String> parameters(boolean expand);

        private Names other() {
            return this == TWEETS ? POSTS : TWEETS;
        }
    }

    /** The paths that send posts. */
    enum Posts {
        STREAM(XApi.STREAM, Names.TWEETS),
        SEARCH(XApi.SEARCH, Names.POSTS);

        private final String path;
        private final Names names;

        Posts(String path, Names names) {
            this.path = path;
            this.names = names;
        }

        String path() {
            return path;
        }

        /** As the OpenAPI description says. */
        Names names() {
            return names;
        }
    }

    private interface Call<T> {
        T send(HttpRequest request) throws IOException, InterruptedException;
    }

    private final XOptions options;
    private final HttpClient client;
    private final Map<Posts, Names> accepted = new EnumMap<>(Posts.class);

    /** @param client of {@link #client}, which has a thread */
    XApi(XOptions options, HttpClient client) {
        this.options = options;
        this.client = client;
    }

    /** With version 1.1, the end of a connection is one for X too, which allows one stream. */
    static HttpClient client(XOptions options) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(options.times().answer())
                .build();
    }

    /** Connects to the stream. */
    HttpLines stream(int backfillMinutes) throws IOException, InterruptedException {
        Map<String, String> parameters =
                backfillMinutes > 0 ? Map.of("backfill_minutes", "" + backfillMinutes) : Map.of();
        return posts(
                Posts.STREAM,
                parameters,
                request -> HttpLines.connect(client, request, options.times().quiet(), options.largestMessage()));
    }

    /**
     * A page of a search, the newest posts first.
     *
     * @param size 10 to 100
     * @param next of the page before it
     */
    JsonNode search(XPosition.Gap gap, int size, Optional<String> next) throws IOException, InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("query", options.query());
        parameters.put("since_id", "" + gap.since());
        parameters.put("until_id", "" + gap.until());
        parameters.put("max_results", "" + size);
        next.ifPresent(token -> parameters.put("next_token", token));
        return posts(Posts.SEARCH, parameters, this::json);
    }

    private <T> T posts(Posts path, Map<String, String> parameters, Call<T> call)
            throws IOException, InterruptedException {
        Names names = accepted.getOrDefault(path, path.names());
        try {
            return call.send(posts(path, names, parameters));
        } catch (LiveException e) {
            if (e.status() != BAD_REQUEST) throw e;
            T answer;
            try {
                answer = call.send(posts(path, names.other(), parameters));
            } catch (LiveException other) {
                throw other.status() == BAD_REQUEST ? e : other;
            }
            accepted.put(path, names.other());
            return answer;
        }
    }

    private HttpRequest posts(Posts path, Names names, Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.putAll(names.parameters(options.expand()));
        return request(path.path(), all).build();
    }

    /** How many posts of the last seven days match a rule. */
    long count(String rule) throws IOException, InterruptedException {
        JsonNode meta = json(request(COUNTS, Map.of("query", rule, "granularity", "day"))
                        .build())
                .path("meta");
        return Math.max(
                0,
                meta.path("total_post_count")
                        .asLong(meta.path("total_tweet_count").asLong()));
    }

    /** A page of the app's rules. */
    JsonNode rules(Optional<String> next) throws IOException, InterruptedException {
        Map<String, String> parameters = next.<Map<String, String>>map(token -> Map.of("pagination_token", token))
                .orElse(Map.of());
        return json(request(RULES, parameters).build());
    }

    /** Adds or deletes rules. */
    JsonNode changeRules(JsonNode change) throws IOException, InterruptedException {
        return json(request(RULES, Map.of())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(change.toString()))
                .build());
    }

    private JsonNode json(HttpRequest request) throws IOException, InterruptedException {
        byte[] body;
        try (HttpLines answer =
                HttpLines.connect(client, request, options.times().answer(), LARGEST_LINE)) {
            body = answer.body(LARGEST_ANSWER);
        }
        try {
            return RecordJson.object(body);
        } catch (InvalidTweetException e) {
            throw new LiveException(
                    Kind.REFUSED, request.uri().getHost() + " answers with something else: " + e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path, Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "="
                        + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8)
                                .replace("+", "%20"))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(URI.create(options.host() + path + (query.isEmpty() ? "" : "?" + query)))
                .timeout(options.times().answer())
                .header("Authorization", "Bearer " + options.token())
                .header("User-Agent", "DeepTweet");
    }
}
