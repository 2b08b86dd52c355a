// SPDX-License-Identifier: Apache-2.0
/** Sources of tweets: the interface that they implement, and the threads that they run on. */
package io.deeptweet.ingest.source;
