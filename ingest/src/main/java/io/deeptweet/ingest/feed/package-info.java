// SPDX-License-Identifier: Apache-2.0
/** Feeds, the named streams of tweets: publishes, filters or rejects each record of a feed, and counts the outcomes. */
package io.deeptweet.ingest.feed;
