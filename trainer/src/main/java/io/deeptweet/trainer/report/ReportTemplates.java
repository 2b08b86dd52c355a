// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.report;

import io.quarkus.qute.Engine;
import io.quarkus.qute.EvalContext;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateLocator;
import io.quarkus.qute.ValueResolver;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Renders the Qute templates of {@code resources/templates}. In HTML all values are escaped, as words and file names
 * come from users; in Markdown, {@code text.inline} escapes a text. A template that names a value that does not exist
 * fails.
 */
public final class ReportTemplates {
    private static final Engine ENGINE = Engine.builder()
            .addDefaults()
            .addValueResolver(new ReflectionValueResolver())
            .addValueResolver(ValueResolver.builder()
                    .applyToBaseClass(Number.class)
                    .applyToName("format")
                    .resolveAsync(
                            context -> context.evaluate(context.getParams().get(0))
                                    .thenApply(pattern -> format((String) pattern, context.getBase())))
                    .build())
            .addValueResolver(ValueResolver.builder()
                    .applyToBaseClass(Double.class)
                    .applyToName("percent")
                    .resolveSync(ReportTemplates::percent)
                    .build())
            .addValueResolver(ValueResolver.builder()
                    .applyToBaseClass(String.class)
                    .applyToName("inline")
                    .resolveSync(context -> inline((String) context.getBase()))
                    .build())
            .addLocator(ReportTemplates::locate)
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .strictRendering(true)
            .build();

    private ReportTemplates() {}

    /**
     * A rendered template.
     *
     * @param name file name of the template, whose extension decides on escaping
     * @param values by their names in the template
     */
    public static String render(String name, Map<String, Object> values) {
        return ENGINE.getTemplate(name).render(values);
    }

    /** {@code text.inline}: a text of one line in which nothing is Markdown or HTML. */
    private static Object inline(String text) {
        return text.replaceAll("[\\p{Cntrl}\\x{2028}\\x{2029}]", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("[\\\\`*_{}\\[\\]>|#~]", "\\\\$0");
    }

    /** {@code number.percent}: a share in percent with two decimals, without the sign. */
    private static Object percent(EvalContext context) {
        return format("%.2f", 100 * (Double) context.getBase());
    }

    /** {@code number.format('%,d')}: a number as {@link String#format} writes it. */
    private static Object format(String pattern, Object number) {
        return String.format(Locale.ROOT, pattern, number);
    }

    private static Optional<TemplateLocator.TemplateLocation> locate(String name) {
        try (InputStream in = ReportTemplates.class.getResourceAsStream("/templates/" + name)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new Location(
                            new String(in.readAllBytes(), StandardCharsets.UTF_8), name.endsWith(".html")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Location(String template, boolean html) implements TemplateLocator.TemplateLocation {
        @Override
        public Reader read() {
            return new StringReader(template);
        }

        @Override
        public Optional<Variant> getVariant() {
            return Optional.of(Variant.forContentType(html ? Variant.TEXT_HTML : Variant.TEXT_PLAIN));
        }
    }
}
