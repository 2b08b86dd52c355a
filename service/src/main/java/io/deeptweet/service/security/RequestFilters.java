// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.deeptweet.schemas.text.UntrustedText;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.quarkus.vertx.http.runtime.security.SecurityHandlerPriorities;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What is checked of every request before a resource gets it. Requests that web pages of others can make a browser send
 * are refused: those to a host name that is not the service's (DNS rebinding), and those that change something and are
 * such as a form can send. Quarkus' CORS filter refuses other origins. Then clients are limited: how many requests they
 * may send, and how often they may try a wrong password.
 */
@Singleton
class RequestFilters {
    /** A browser asks the service before a page of another origin may send this header. */
    static final String CUSTOM_HEADER = "X-Requested-With";

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    /**
     * What a page of any origin may send without asking: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
     */
    private static final Set<String> FORM_TYPES =
            Set.of("application/x-www-form-urlencoded", "multipart/form-data", "text/plain");

    private static final String USABLE_TYPES = "use application/json or application/x-ndjson";

    /** Whoever shares an address with a busy client must not have the service taken for dead. */
    private static final String HEALTH = "/q/health";

    private static final int BURST_SECONDS = 10;

    /** One guess in six seconds, after ten at once. */
    private static final double FAILURES_PER_SECOND = 1 / 6.0;

    private static final int MOST_FAILURES = 10;

    private final HostNames hosts;
    private final Optional<RequestLimiter> requests;
    private final RequestLimiter failures = new RequestLimiter(FAILURES_PER_SECOND, MOST_FAILURES, System::nanoTime);

    @Inject
    RequestFilters(
            SecuritySettings settings,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "deeptweet.address") Optional<String> address) {
        List<String> names = new ArrayList<>(settings.allowedHosts().orElse(List.of()));
        names.add(host);
        address.map(given -> given.replaceAll(":\\d+$", "")).ifPresent(names::add); // of instances that ask each other
        this.hosts = new HostNames(names);
        int perSecond = settings.requestsPerSecond();
        this.requests = perSecond == 0
                ? Optional.empty()
                : Optional.of(new RequestLimiter(perSecond, (double) perSecond * BURST_SECONDS, System::nanoTime));
    }

    /** The filters of the highest priority are the first. */
    void register(@Observes Filters filters) {
        filters.register(this::checkHost, SecurityHandlerPriorities.CORS + 30)
                .register(RequestFilters::checkContentType, SecurityHandlerPriorities.CORS + 20)
                .register(this::limitFailures, SecurityHandlerPriorities.AUTHENTICATION + 10)
                .register(this::limitRequests, SecurityHandlerPriorities.AUTHORIZATION + 10);
    }

    private void checkHost(RoutingContext context) {
        HostAndPort authority = context.request().authority();
        if (authority == null) {
            refuse(context, 400, "the header Host is missing or malformed");
        } else if (hosts.allow(authority.host())) {
            context.next();
        } else {
            refuse(
                    context,
                    421,
                    "the service does not know the host name " + UntrustedText.quoted(authority.host()) + ": add it to "
                            + SecuritySettings.PREFIX + ".allowed-hosts");
        }
    }

    private static void checkContentType(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (SAFE_METHODS.contains(request.method().name()) || request.getHeader(CUSTOM_HEADER) != null) {
            context.next();
            return;
        }
        String type = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE))
                .map(header -> header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .orElse("");
        if (type.isEmpty()) {
            refuse(context, 415, "the header Content-Type is missing: " + USABLE_TYPES);
        } else if (FORM_TYPES.contains(type)) {
            refuse(context, 415, "the Content-Type is " + type + ", which any web page can send: " + USABLE_TYPES);
        } else {
            context.next();
        }
    }

    /** Checking a password is slow on purpose, so that a client that guesses must not make the service check many. */
    private void limitFailures(RoutingContext context) {
        if (context.request().getHeader(HttpHeaders.AUTHORIZATION) == null) {
            context.next();
            return;
        }
        String client = ClientAddress.of(context.request());
        if (!failures.allows(client)) {
            tooMany(context, failures, client, "too many requests with wrong credentials");
            return;
        }
        context.addEndHandler(ended -> {
            if (context.response().getStatusCode() == 401) failures.charge(client);
        });
        context.next();
    }

    private void limitRequests(RoutingContext context) {
        if (requests.isEmpty() || context.normalizedPath().startsWith(HEALTH)) {
            context.next();
            return;
        }
        String client = client(context);
        if (requests.get().take(client)) context.next();
        else tooMany(context, requests.get(), client, "too many requests: send several records in one");
    }

    private static String client(RoutingContext context) {
        Optional<String> user = context.user() instanceof QuarkusHttpUser authenticated
                ? SecurityMode.user(authenticated.getSecurityIdentity())
                : Optional.empty();
        return user.map(name -> "user " + name).orElseGet(() -> ClientAddress.of(context.request()));
    }

    private static void tooMany(RoutingContext context, RequestLimiter limiter, String client, String error) {
        context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(limiter.retryAfterSeconds(client)));
        refuse(context, 429, error);
    }

    private static void refuse(RoutingContext context, int status, String error) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(JsonObject.of("error", error).encode());
    }
}
