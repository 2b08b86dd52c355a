// SPDX-License-Identifier: Apache-2.0
/** Replays files of tweets: JSON Lines, delimited tables and plain text. */
package io.deeptweet.ingest.source.file;
