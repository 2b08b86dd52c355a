// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.FeedDefinition;

/** A record of {@code tweets.feeds}. */
public sealed interface FeedChange {
    /** The feed's name, which may be none. */
    String name();

    /** The feed is what the definition says, which nobody has checked. */
    record Defined(String name, FeedDefinition definition) implements FeedChange {}

    /** There is no such feed any more. */
    record Removed(String name) implements FeedChange {}

    /** @param fault which record cannot be read, and why */
    record Unreadable(String name, String fault) implements FeedChange {}
}
