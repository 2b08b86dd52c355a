// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The X API v2 on the loopback address: paths, parameters and bounds as its OpenAPI description has them, one stream at
 * a time. Requests that are to come can be given a fault each.
 */
final class FakeXApi implements AutoCloseable {
    static final String TOKEN = "AAAA-secret-token";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HEARTBEAT_MILLIS = 100;
    private static final Set<String> STREAM_PARAMETERS =
            Set.of("backfill_minutes", "start_time", "end_time", "tweet.fields", "expansions", "user.fields");
    private static final Set<String> SEARCH_PARAMETERS = Set.of(
            "query",
            "max_results",
            "next_token",
            "pagination_token",
            "start_time",
            "end_time",
            "since_id",
            "until_id",
            "sort_order",
            "expansions",
            "user.fields");

    /** What goes wrong with the stream after some lines. */
    enum Fault {
        /** Nothing more is sent, not even a heartbeat. */
        STALL,
        /** The connection breaks. */
        BREAK
    }

    private record Planned(Fault fault, int after) {}

    /** An answer instead of the right one. */
    record Answer(int status, String body, Map<String, String> headers) {
        Answer(int status, String body) {
            this(status, body, Map.of());
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<byte[]> lines = new ArrayList<>();
    private final List<ObjectNode> posts = new CopyOnWriteArrayList<>();
    private final Map<String, ObjectNode> rules = new LinkedHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Queue<Planned> faults = new ConcurrentLinkedQueue<>();
    private final Map<String, Queue<Answer>> answers;
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicInteger number = new AtomicInteger();
    private volatile String fieldsOfSearch = "post.fields";
    private volatile long counted;

    FakeXApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        answers = Map.of(
                XApi.STREAM, new ConcurrentLinkedQueue<>(),
                XApi.RULES, new ConcurrentLinkedQueue<>(),
                XApi.SEARCH, new ConcurrentLinkedQueue<>(),
                XApi.COUNTS, new ConcurrentLinkedQueue<>());
        handle(XApi.STREAM, this::stream);
        handle(XApi.RULES, this::rules);
        handle(XApi.SEARCH, this::search);
        handle(XApi.COUNTS, this::counts);
        server.start();
    }

    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** A new post of the present, as X sends it in the stream. */
    ObjectNode post(String text) {
        int next = number.incrementAndGet();
        Instant now = Instant.now();
        ObjectNode object = JSON.createObjectNode();
        String id = "" + (XIds.at(now) + next);
        object.putObject("data")
                .put("id", id)
                .put("text", text)
                .put("author_id", "7")
                .put("created_at", now.toString())
                .put("lang", "en")
                .putArray("edit_history_tweet_ids")
                .add(id);
        object.putObject("includes")
                .putArray("users")
                .addObject()
                .put("id", "7")
                .put("name", "Alice")
                .put("username", "alice");
        return object;
    }

    /** Sends a post in the stream; searches find it too. */
    void add(ObjectNode post) {
        posts.add(post);
        ObjectNode line = post.deepCopy();
        if (!line.has("matching_rules")) {
            ArrayNode matching = line.putArray("matching_rules");
            synchronized (rules) {
                rules.forEach((id, rule) -> matching.addObject().put("id", id).set("tag", rule.path("tag")));
            }
        }
        send(line.toString());
    }

    void add(String text) {
        add(post(text));
    }

    /** A post that only searches find. */
    void addToSearch(String text) {
        posts.add(post(text));
    }

    /** Sends a line in the stream, whatever it is. */
    void send(String line) {
        synchronized (lines) {
            lines.add((line + "\r\n").getBytes(UTF_8));
            lines.notifyAll();
        }
    }

    /** The next stream gets this fault. */
    void plan(Fault fault, int after) {
        faults.add(new Planned(fault, after));
    }

    /** The next request of a path gets this answer. */
    void plan(String path, Answer answer) {
        answers.get(path).add(answer);
    }

    /** From now on, searches accept only this name. */
    void renameFieldsOfSearch(String name) {
        fieldsOfSearch = name;
    }

    void setCount(long posts) {
        counted = posts;
    }

    void addRule(String id, String value, String tag) {
        synchronized (rules) {
            rules.put(
                    id,
                    JSON.createObjectNode().put("id", id).put("value", value).put("tag", tag));
        }
    }

    /** The values of the rules. */
    List<String> ruleValues() {
        synchronized (rules) {
            return rules.values().stream()
                    .map(rule -> rule.path("value").asText())
                    .toList();
        }
    }

    /** Method, path and decoded query of all requests so far. */
    List<String> requests() {
        return requests;
    }

    List<String> requests(String start) {
        return requests.stream().filter(request -> request.startsWith(start)).toList();
    }

    /** How many streams are open. */
    int streams() {
        return streams.get();
    }

    long sentBytes() {
        return sentBytes.get();
    }

    private interface Handler {
        void handle(HttpExchange exchange, Map<String, String> parameters) throws IOException;
    }

    private void handle(String path, Handler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                String query = exchange.getRequestURI().getRawQuery();
                Map<String, String> parameters = new LinkedHashMap<>();
                if (query != null)
                    for (String one : query.split("&", -1))
                        parameters.put(
                                one.replaceFirst("=.*", ""), URLDecoder.decode(one.replaceFirst("[^=]*=", ""), UTF_8));
                requests.add(exchange.getRequestMethod() + " " + path + (query == null ? "" : " " + parameters));
                Optional<Answer> planned = Optional.ofNullable(answers.get(path).poll());
                boolean authorized =
                        ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
                if (planned.isPresent()) answer(exchange, planned.get());
                else if (!authorized) answer(exchange, new Answer(401, problem("Unauthorized", "Unauthorized")));
                else handler.handle(exchange, parameters);
            }
        });
    }

    private static String problem(String title, String detail) {
        return JSON.createObjectNode()
                .put("title", title)
                .put("detail", detail)
                .put("type", "about:blank")
                .toString();
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) exchange.getResponseBody().write(body);
    }

    private static void answer(HttpExchange exchange, JsonNode body) throws IOException {
        answer(exchange, new Answer(200, body.toString()));
    }

    private static boolean hasOthers(
            HttpExchange exchange, Map<String, String> parameters, Set<String> known, String fields)
            throws IOException {
        Optional<String> other = parameters.keySet().stream()
                .filter(name -> !known.contains(name) && !name.equals(fields))
                .findFirst();
        if (other.isPresent())
            answer(
                    exchange,
                    new Answer(
                            400,
                            "{\"errors\":[{\"message\":\"The query parameter [" + other.get() + "] is not one of "
                                    + known
                                    + "\"}],\"title\":\"Invalid Request\",\"detail\":\"One or more parameters to your"
                                    + " request was invalid.\"}"));
        return other.isPresent();
    }

    private void stream(HttpExchange exchange, Map<String, String> parameters) throws IOException {
        if (hasOthers(exchange, parameters, STREAM_PARAMETERS, "tweet.fields")) return;
        if (ruleValues().isEmpty()) {
            answer(exchange, new Answer(409, problem("ConnectionException", "Your client has no rules.")));
            return;
        }
        int first;
        synchronized (lines) {
            first = lines.size();
        }
        if (streams.incrementAndGet() > 1) {
            streams.decrementAndGet();
            answer(
                    exchange,
                    new Answer(
                            429,
                            "{\"title\":\"ConnectionException\",\"detail\":\"This stream is currently at the maximum"
                                    + " allowed connection limit.\",\"connection_issue\":\"TooManyConnections\"}",
                            Map.of("x-rate-limit-remaining", "48", "x-rate-limit-reset", "4000000000")));
            return;
        }
        try {
            Optional<Planned> planned = Optional.ofNullable(faults.poll());
            exchange.sendResponseHeaders(200, 0);
            send(exchange.getResponseBody(), first, planned);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            streams.decrementAndGet();
        }
    }

    private void send(OutputStream out, int first, Optional<Planned> planned) throws IOException, InterruptedException {
        out.write("\r\n".getBytes(UTF_8));
        out.flush();
        for (int count = 0; ; ) {
            if (planned.isPresent() && planned.get().after() == count) {
                if (planned.get().fault() == Fault.BREAK) return;
                out.flush();
                Thread.sleep(Long.MAX_VALUE);
            }
            byte[] next;
            synchronized (lines) {
                if (lines.size() == first + count) lines.wait(HEARTBEAT_MILLIS);
                boolean heartbeat = lines.size() == first + count;
                next = heartbeat ? "\r\n".getBytes(UTF_8) : lines.get(first + count++);
            }
            out.write(next);
            out.flush();
            sentBytes.addAndGet(next.length);
        }
    }

    private void rules(HttpExchange exchange, Map<String, String> parameters) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        synchronized (rules) {
            if (exchange.getRequestMethod().equals("GET")) {
                if (!rules.isEmpty()) answer.putArray("data").addAll(rules.values());
            } else {
                JsonNode change = JSON.readTree(exchange.getRequestBody());
                change.path("delete").path("ids").forEach(id -> rules.remove(id.asText()));
                change.path("add").forEach(rule -> add(answer, rule));
            }
        }
        answer(exchange, answer);
    }

    private void add(ObjectNode answer, JsonNode rule) {
        String value = rule.path("value").asText();
        if (value.contains("-(")) {
            answer.withArrayProperty("errors")
                    .addObject()
                    .put("value", value)
                    .put("title", "Invalid Rule")
                    .put("type", "https://api.x.com/2/problems/invalid-rules")
                    .putArray("details")
                    .add("Groups cannot be negated (at position 1)");
            return;
        }
        ObjectNode added = JSON.createObjectNode()
                .put("id", "" + (1_000 + number.incrementAndGet()))
                .put("value", value)
                .put("tag", rule.path("tag").asText());
        rules.put(added.path("id").asText(), added);
        answer.withArrayProperty("data").add(added);
    }

    private void search(HttpExchange exchange, Map<String, String> parameters) throws IOException {
        if (hasOthers(exchange, parameters, SEARCH_PARAMETERS, fieldsOfSearch)) return;
        int size = Integer.parseInt(parameters.getOrDefault("max_results", "10"));
        long since = Long.parseLong(parameters.getOrDefault("since_id", "0"));
        long until = Long.parseLong(parameters.getOrDefault("until_id", "" + Long.MAX_VALUE));
        if (size < 10 || size > 100 || parameters.getOrDefault("query", "").isEmpty()) {
            answer(exchange, new Answer(400, problem("Invalid Request", "max_results or query is wrong")));
            return;
        }
        List<ObjectNode> found = posts.stream()
                .filter(post -> id(post) > since && id(post) < until)
                .sorted(Comparator.comparing(FakeXApi::id).reversed())
                .toList();
        int first = Integer.parseInt(parameters.getOrDefault("next_token", "b0").substring(1));
        List<ObjectNode> page = found.subList(first, Math.min(found.size(), first + size));
        ObjectNode answer = JSON.createObjectNode();
        page.forEach(post -> answer.withArrayProperty("data").add(post.path("data")));
        page.stream().findFirst().ifPresent(post -> answer.set("includes", post.path("includes")));
        ObjectNode meta = answer.putObject("meta").put("result_count", page.size());
        if (first + size < found.size()) meta.put("next_token", "b" + (first + size));
        answer(exchange, answer);
    }

    private static long id(JsonNode post) {
        return Long.parseLong(post.path("data").path("id").asText());
    }

    private void counts(HttpExchange exchange, Map<String, String> parameters) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("meta").put("total_post_count", counted);
        answer(exchange, answer);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
