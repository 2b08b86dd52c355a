// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.deeptweet.cli.stack.ServiceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/** The OpenAPI document of each service holds what its classes and {@code docs/http-api.md} hold, and no more. */
class OpenApiTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE");
    private static final String OF_QUARKUS = "/q/";
    private static final Pattern ENDPOINT = Pattern.compile("`(GET|POST|PUT|DELETE) (/[^`?]*)");
    /** The alternatives of a path parameter: {@code {page:models|rounds}}. */
    private static final Pattern ALTERNATIVES = Pattern.compile("\\{\\w+:([\\w|]+)}");

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Map<String, Object>>> paths(ServiceType service) throws IOException {
        String yaml =
                Files.readString(ROOT.resolve(service.module()).resolve("src/main/resources/META-INF/openapi.yaml"));
        Map<String, Object> document = new Yaml().load(yaml);
        return (Map<String, Map<String, Map<String, Object>>>) document.get("paths");
    }

    /** The roles that an operation names, by endpoint. */
    private static Map<String, Set<String>> documented(ServiceType service) throws IOException {
        Map<String, Set<String>> roles = new TreeMap<>();
        paths(service)
                .forEach((path, operations) -> operations.forEach((method, operation) -> roles.put(
                        method.toUpperCase(Locale.ROOT) + " " + path,
                        operation.get("security") instanceof List<?> requirements ? rolesOf(requirements) : Set.of())));
        return roles;
    }

    private static Set<String> rolesOf(List<?> requirements) {
        Set<String> roles = new TreeSet<>();
        for (Object requirement : requirements)
            ((Map<?, ?>) requirement)
                    .values()
                    .forEach(names -> ((List<?>) names).forEach(name -> roles.add((String) name)));
        return roles;
    }

    /** The roles that the resources' methods name, by endpoint. */
    private static Map<String, Set<String>> implemented(ServiceType service) {
        Map<String, Set<String>> roles = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter()
                .importPath(ROOT.resolve(service.module()).resolve("target/classes"))) {
            Optional<String> root = path(annotation(type.getAnnotations(), "Path"));
            if (root.isEmpty()) continue;
            for (JavaMethod method : type.getMethods())
                for (String verb : METHODS)
                    if (annotation(method.getAnnotations(), verb).isPresent())
                        for (String path : alternatives(root.get()
                                + path(annotation(method.getAnnotations(), "Path"))
                                        .orElse("")))
                            roles.put(verb + " " + path, new TreeSet<>(Arrays.asList((String[])
                                    annotation(method.getAnnotations(), "RolesAllowed")
                                            .orElseThrow()
                                            .get("value")
                                            .orElseThrow())));
        }
        return roles;
    }

    private static Optional<? extends JavaAnnotation<?>> annotation(
            Set<? extends JavaAnnotation<?>> annotations, String name) {
        return annotations.stream()
                .filter(annotation -> annotation.getRawType().getSimpleName().equals(name)
                        && annotation.getRawType().getPackageName().startsWith("jakarta."))
                .findFirst();
    }

    private static Optional<String> path(Optional<? extends JavaAnnotation<?>> annotation) {
        return annotation
                .flatMap(found -> found.get("value"))
                .map(String.class::cast)
                .map(path -> path.startsWith("/") ? path : "/" + path);
    }

    private static List<String> alternatives(String path) {
        String plain = path.replace(":\\d+}", "}");
        Matcher matcher = ALTERNATIVES.matcher(plain);
        if (!matcher.find()) return List.of(plain);
        return Arrays.stream(matcher.group(1).split("\\|"))
                .map(one -> plain.replace(matcher.group(), one))
                .toList();
    }

    /** The endpoints in the table of {@code docs/http-api.md}, and those that the classifier passes to the trainer. */
    private static Set<String> described(ServiceType service) throws IOException {
        Set<String> endpoints = new TreeSet<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/http-api.md"))) {
            boolean table = line.startsWith("| " + service.label() + " |") || line.startsWith("| all |");
            boolean passedOn = line.startsWith("The trainer's `GET ") && service == ServiceType.CLASSIFIER;
            if (!table && !passedOn) continue;
            Matcher matcher = ENDPOINT.matcher(line);
            while (matcher.find())
                if (!matcher.group(2).equals("/")) // the dashboard
                endpoints.add(matcher.group(1) + " " + (passedOn ? "/trainer" : "") + matcher.group(2));
        }
        return endpoints;
    }

    @ParameterizedTest
    @EnumSource(ServiceType.class)
    void theDocumentHasEveryEndpointWithItsRoles(ServiceType service) throws IOException {
        Map<String, Set<String>> documented = documented(service);
        documented.keySet().removeIf(endpoint -> endpoint.contains(" " + OF_QUARKUS)); // Quarkus own
        assertThat(implemented(service)).hasSizeGreaterThan(5).isEqualTo(documented);
    }

    @ParameterizedTest
    @EnumSource(ServiceType.class)
    void theDocumentationHasTheSameEndpoints(ServiceType service) throws IOException {
        Set<String> endpoints = new TreeSet<>(documented(service).keySet());
        assertThat(described(service)).isEqualTo(endpoints);
    }

    @ParameterizedTest
    @EnumSource(ServiceType.class)
    void everyParameterOfAPathIsDescribedAndEveryReferenceExists(ServiceType service) throws IOException {
        List<String> missing = new ArrayList<>();
        paths(service)
                .forEach((path, operations) -> operations.forEach((method, operation) -> {
                    Matcher matcher = Pattern.compile("\\{(\\w+)}").matcher(path);
                    while (matcher.find())
                        if (!String.valueOf(operation.get("parameters"))
                                .matches("(?s).*(name=|parameters/)" + matcher.group(1) + "\\b.*"))
                            missing.add(method + " " + path + ": " + matcher.group());
                }));
        String yaml =
                Files.readString(ROOT.resolve(service.module()).resolve("src/main/resources/META-INF/openapi.yaml"));
        Matcher reference = Pattern.compile("'#/components/(\\w+)/(\\w+)'").matcher(yaml);
        Map<String, Map<String, Map<String, Object>>> document = new Yaml().load(yaml);
        while (reference.find())
            if (!document.get("components")
                    .getOrDefault(reference.group(1), Map.of())
                    .containsKey(reference.group(2))) missing.add(reference.group());
        assertThat(missing).isEmpty();
    }
}
