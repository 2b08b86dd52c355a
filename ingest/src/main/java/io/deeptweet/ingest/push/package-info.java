// SPDX-License-Identifier: Apache-2.0
/** Publishes the records of one request as a batch. */
package io.deeptweet.ingest.push;
