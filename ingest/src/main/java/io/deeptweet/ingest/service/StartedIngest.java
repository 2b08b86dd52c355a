// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.control.FeedControl;
import io.deeptweet.ingest.feed.FeedRegistry;
import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.tweet.LanguageDetector;

/** What exists once the service has started. */
public record StartedIngest(
        TweetPublisher publisher,
        FeedRegistry feeds,
        FeedControl control,
        IngestSettings.Push push,
        LanguageDetector languages) {}
