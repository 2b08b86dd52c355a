// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which role may use which endpoint. What a request is answered once it may is tested elsewhere. */
@QuarkusTest
@TestProfile(EndpointRolesIT.Secured.class)
class EndpointRolesIT {
    private static final List<String> ROLES = List.of("viewer", "publisher", "labeler", "operator");
    private static final String PASSWORD = "swordfish";

    /** A user of each role. Nobody listens on port 1. */
    public static final class Secured implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            String hash = BcryptUtil.bcryptHash(PASSWORD);
            try {
                Path users = Files.createTempFile("users", "");
                users.toFile().deleteOnExit();
                Files.write(
                        users,
                        ROLES.stream()
                                .map(role -> role + ":" + hash + ":" + role)
                                .toList());
                return Map.of(
                        "quarkus.http.test-port", "0",
                        "kafka.bootstrap.servers", "localhost:1",
                        "deeptweet.trainer", "localhost:1",
                        "deeptweet.security.users-file", users.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @TestHTTPResource
    URI root;

    @ParameterizedTest
    @CsvSource({
        "GET, /status, viewer operator",
        "GET, /windows, viewer operator",
        "GET, /windows/election, viewer operator",
        "GET, /alerts, viewer operator",
        "GET, /alerts/rules, viewer operator",
        "PUT, /alerts/rules/angry, operator",
        "POST, /score, viewer labeler operator",
        "GET, /events, viewer operator",
        "GET, /tweets/election, viewer labeler operator",
        "GET, /trainer/models, viewer operator",
        "GET, /trainer/rounds, viewer operator",
        "GET, /trainer/rounds/1, viewer operator",
        "GET, /trainer/models/report, viewer operator",
        "GET, /trainer/audit, viewer operator",
        "POST, /trainer/models/activate, operator",
        "POST, /trainer/models/rollback, operator",
        "POST, /trainer/models/promote, operator",
        "GET, /user, viewer labeler operator",
        "GET, /instances, viewer operator",
        "GET, /trainer/status, viewer operator",
        "GET, /trainer/labels/wanted, viewer labeler operator",
        "GET, /trainer/labels/disagreements, viewer labeler operator",
        "POST, /trainer/labels, labeler operator",
        "POST, /trainer/rounds, operator",
        "GET, /, viewer labeler operator",
        "GET, /dashboard/app.js, viewer labeler operator",
        "GET, /webjars/uplot/dist/uPlot.iife.min.js, viewer labeler operator",
        "GET, /q/metrics, viewer operator",
        "GET, /q/openapi, viewer operator",
        "GET, /q/openapi.json, viewer operator",
        "GET, /q/swagger-ui/, viewer operator",
        "GET, /q/swagger-ui/swagger-ui-bundle.js, viewer operator",
    })
    void anEndpointIsForTheseRolesAlone(String method, String path, String allowed)
            throws IOException, InterruptedException {
        assertThat(status(method, path)).as("anonymous").isEqualTo(401);
        for (String role : ROLES) {
            String credentials = role + ":" + PASSWORD;
            int status = status(
                    method,
                    path,
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
            if (List.of(allowed.split(" ")).contains(role))
                assertThat(status).as(role).isNotIn(401, 403, 404, 415);
            else assertThat(status).as(role).isEqualTo(403);
        }
    }

    private int status(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        method.equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("{}"));
        if (headers.length > 0) request.headers(headers);
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.discarding())
                .statusCode();
    }
}
