// SPDX-License-Identifier: Apache-2.0
/** The commands for feeds of live sources: ingest changes them while it runs. */
package io.deeptweet.cli.feeds;
