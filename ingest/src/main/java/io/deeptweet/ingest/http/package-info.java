// SPDX-License-Identifier: Apache-2.0
/** The HTTP API of ingest: pushes tweets, shows feeds. */
package io.deeptweet.ingest.http;
