// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The names that the fields of posts usually have in tables and in JSON, {@link #simplified}, the most usual first. */
final class FieldNames {
    static final Map<String, List<String>> USUAL = Map.of(
            "id", List.of("id", "idstr", "tweetid", "textid", "statusid", "postid", "uri"),
            "text",
                    List.of(
                            "text",
                            "tweet",
                            "fulltext",
                            "tweettext",
                            "rawcontent",
                            "content",
                            "tweetcontent",
                            "body",
                            "message",
                            "post",
                            "status",
                            "tweets",
                            "originaltweet",
                            "sentimenttext",
                            "comment",
                            "cleantext"),
            "created_at",
                    List.of(
                            "createdat",
                            "tweetcreated",
                            "tweetcreatedat",
                            "date",
                            "datecreated",
                            "createddate",
                            "tweetdate",
                            "datetime",
                            "timestamp",
                            "created",
                            "createdutc",
                            "postedat",
                            "publishedat",
                            "published",
                            "createdtime",
                            "postedtime",
                            "tweetat",
                            "time"),
            "lang", List.of("lang", "language", "tweetlang"),
            "author",
                    List.of(
                            "author",
                            "username",
                            "user",
                            "screenname",
                            "userscreenname",
                            "authorusername",
                            "authorname",
                            "handle",
                            "name"),
            "label", List.of("label"));

    private FieldNames() {}

    /** A name without its case, blanks, dashes, dots and underscores. */
    static String simplified(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_.-]", "");
    }
}
