// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.report;

import java.util.List;
import java.util.stream.Collectors;

/** A page of HTML that stands alone, but for the pictures beside it. */
public final class Page {
    private Page() {}

    /**
     * The page.
     *
     * @param title plain text, also the first heading
     * @param body HTML
     */
    public static String of(String title, String body) {
        return """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <title>%1$s</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
        table { border-collapse: collapse; margin: 1rem 0; } th, td { padding: .2rem .8rem; border-bottom: 1px solid #ddd; text-align: right; }
        th:first-child, td:first-child { text-align: left; white-space: nowrap; } img { max-width: 100%%; height: auto; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
        </style>
        <h1>%1$s</h1>
        %2$s</html>
        """.formatted(escaped(title), body);
    }

    /**
     * A table's row.
     *
     * @param tag of its cells
     * @param cells HTML
     */
    public static String row(String tag, List<String> cells) {
        return cells.stream()
                .map(cell -> "<" + tag + ">" + cell + "</" + tag + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }

    /** Plain text as HTML: words come out of tweets, which are anybody's text. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
