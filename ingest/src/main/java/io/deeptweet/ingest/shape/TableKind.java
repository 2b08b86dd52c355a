// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import io.deeptweet.schemas.TweetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells how the tweets of a table relate to others, by columns that tools usually write. */
final class TableKind {
    private static final Set<String> RETWEETS = Set.of(
            "retweet", "isretweet", "retweetid", "retweetedstatusid", "retweetedtweet", "referencedtweetsretweetedid");
    private static final Set<String> QUOTES =
            Set.of("isquote", "isquotestatus", "quoteurl", "quotedstatusid", "quotedtweet", "referencedtweetsquotedid");
    private static final Set<String> REPLIES = Set.of(
            "isreply", "inreplytostatusid", "inreplytotweetid", "replytostatusid", "referencedtweetsrepliedtoid");

    /** What stands for nothing. */
    private static final Set<String> NOTHING = Set.of("", "false", "0", "nan", "none", "null", "na", "[]");

    private final List<Integer> retweets;
    private final List<Integer> quotes;
    private final List<Integer> replies;

    private TableKind(List<String> names) {
        retweets = indexes(names, RETWEETS);
        quotes = indexes(names, QUOTES);
        replies = indexes(names, REPLIES);
    }

    /** Of a table with these columns; none if they have no names. */
    static TableKind of(List<String> header) {
        return new TableKind(header.stream().map(FieldNames::simplified).toList());
    }

    private static List<Integer> indexes(List<String> names, Set<String> wanted) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) if (wanted.contains(names.get(i))) indexes.add(i);
        return indexes;
    }

    /** @param row as many fields as the header has */
    TweetKind kind(List<String> row, String text) {
        return XPost.kind(holds(row, retweets) || XPost.isRepost(text), holds(row, quotes), holds(row, replies));
    }

    private static boolean holds(List<String> row, List<Integer> indexes) {
        return indexes.stream()
                .map(row::get)
                .anyMatch(value -> !NOTHING.contains(value.strip().toLowerCase(Locale.ROOT)));
    }
}
