// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.service.QueryParameters.InvalidParameterException;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.http.Answers;
import io.deeptweet.service.http.RequestLimit;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code GET /windows}: the newest window of every feed. {@code GET /windows/{feed}}: windows of a feed in a range of
 * time. As JSON, or as CSV with {@code Accept: text/csv} or {@code format=csv}.
 */
@Path("/windows")
public class WindowsResource {
    private static final int LARGEST_LIMIT = 10_000;
    private static final int DEFAULT_LIMIT = 100;
    private static final String CSV = "text/csv";
    private static final RequestLimit CLIENTS = new RequestLimit(8);
    /** On their own, so that two busy instances do not wait for each other. */
    private static final RequestLimit INSTANCES = new RequestLimit(16);

    private final ClassifierSettings settings;
    private final WindowQueries queries;

    @Inject
    WindowsResource(ClassifierSettings settings, WindowQueries queries) {
        this.settings = settings;
        this.queries = queries;
    }

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response newest(
            @QueryParam("size") Optional<String> size,
            @QueryParam("after") Optional<String> after,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("format") Optional<String> format,
            @QueryParam("partitions") Optional<String> partitions,
            @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization,
            @HeaderParam(HttpHeaders.ACCEPT) Optional<String> accept,
            @Context Request request) {
        return answer(partitions, () -> {
            String last = after.orElse("");
            if (!last.isEmpty() && !TweetLimits.isFeedName(last))
                throw new InvalidParameterException("after must be the name of a feed");
            int most = limit(limit, partitions);
            List<WindowAnswer> found = queries.newest(size(size), last, most + 1, asker(partitions, authorization));
            List<WindowAnswer> page = found.subList(0, Math.min(most, found.size()));
            String next = found.size() > most ? page.get(most - 1).feed() : null;
            return tagged(new WindowQueries.Page(page, next), format.or(() -> accept), request);
        });
    }

    @GET
    @Path("/{feed}")
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Response ofFeed(
            @PathParam("feed") String feed,
            @QueryParam("size") Optional<String> size,
            @QueryParam("from") Optional<String> from,
            @QueryParam("to") Optional<String> to,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("words") Optional<String> words,
            @QueryParam("format") Optional<String> format,
            @QueryParam("partitions") Optional<String> partitions,
            @HeaderParam(HttpHeaders.AUTHORIZATION) Optional<String> authorization,
            @HeaderParam(HttpHeaders.ACCEPT) Optional<String> accept,
            @Context Request request) {
        if (!TweetLimits.isFeedName(feed)) return unknownFeed();
        return answer(partitions, () -> {
            int most = limit(limit, partitions);
            Optional<Instant> first = QueryParameters.time("from", from);
            Optional<List<WindowAnswer>> windows = queries.of(
                    feed,
                    size(size),
                    new WindowQueries.Range(
                            first, QueryParameters.time("to", to), most + 1, QueryParameters.yesOrNo("words", words)),
                    asker(partitions, authorization));
            if (windows.isEmpty()) return unknownFeed();
            List<WindowAnswer> found = windows.get();
            if (found.size() <= most)
                return tagged(new WindowQueries.Page(found, null), format.or(() -> accept), request);
            WindowQueries.Page page = first.isPresent()
                    ? new WindowQueries.Page(
                            found.subList(0, most), found.get(most).start())
                    : new WindowQueries.Page(found.subList(1, most + 1), null);
            return tagged(page, format.or(() -> accept), request);
        });
    }

    private static Response unknownFeed() {
        return Answers.refused(404, "there are no windows of this feed");
    }

    private static Response answer(Optional<String> partitions, Supplier<Response> query) {
        return QueryAnswers.of(partitions.isPresent() ? INSTANCES : CLIENTS, query);
    }

    private static Response tagged(WindowQueries.Page page, Optional<String> types, Request request) {
        return types.filter(given -> given.equals("csv") || given.startsWith(CSV))
                        .isPresent()
                ? QueryAnswers.tagged(csv(page.windows()), CSV, request)
                : QueryAnswers.json(page, request);
    }

    private static String csv(List<WindowAnswer> windows) {
        return windows.stream().map(WindowAnswer::csv).collect(Collectors.joining("", WindowAnswer.CSV_HEADER, ""));
    }

    /** Without a size the smallest. */
    private Duration size(Optional<String> given) {
        List<Duration> sizes = StreamFactory.allWindows(settings);
        return QueryParameters.size(given, sizes).orElse(sizes.get(0));
    }

    private static int limit(Optional<String> given, Optional<String> partitions) {
        int largest = partitions.isPresent() ? LARGEST_LIMIT + 1 : LARGEST_LIMIT; // another instance asks for one more
        return QueryParameters.limit(given, DEFAULT_LIMIT, largest);
    }

    private static WindowQueries.Asker asker(Optional<String> partitions, Optional<String> authorization) {
        if (partitions.isEmpty()) return new WindowQueries.Asker(Set.of(), authorization);
        if (!partitions.get().matches("\\d{1,4}(,\\d{1,4}){0,999}"))
            throw new InvalidParameterException("partitions must be numbers with commas between them");
        Set<Integer> numbers =
                Arrays.stream(partitions.get().split(",")).map(Integer::valueOf).collect(Collectors.toSet());
        return new WindowQueries.Asker(numbers, Optional.empty());
    }
}
