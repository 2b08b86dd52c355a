// SPDX-License-Identifier: Apache-2.0
/** The service around the feeds: settings, start and stop, metrics, readiness. */
package io.deeptweet.ingest.service;
