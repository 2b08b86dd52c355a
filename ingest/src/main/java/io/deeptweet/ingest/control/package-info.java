// SPDX-License-Identifier: Apache-2.0
/** Feeds of live sources that are added, paused and removed while ingest runs. */
package io.deeptweet.ingest.control;
