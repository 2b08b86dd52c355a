// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a sink and a registry tell their listener, in order. */
public final class RecordingListener implements FeedListener {
    private final List<String> events = new CopyOnWriteArrayList<>();

    /** Such as {@code rejected election no-id}. */
    List<String> events() {
        return events;
    }

    @Override
    public void registered(ActiveFeed feed) {
        events.add("registered " + feed.name());
    }

    @Override
    public void removed(ActiveFeed feed) {
        events.add("removed " + feed.name());
    }

    @Override
    public void published(String feed, long tweets) {
        events.add("published " + feed);
    }

    @Override
    public void filtered(String feed, long tweets) {
        events.add("filtered " + feed);
    }

    @Override
    public void rejected(String feed, Reason reason, long records) {
        events.add("rejected " + feed + " " + reason.code());
    }

    @Override
    public void skipped(String feed, String kind, long records) {
        events.add("skipped " + feed + " " + kind);
    }

    @Override
    public void event(String source, String kind) {
        events.add(kind + " from " + source);
    }
}
