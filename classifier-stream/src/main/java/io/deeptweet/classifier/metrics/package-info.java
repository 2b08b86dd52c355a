// SPDX-License-Identifier: Apache-2.0
/** What the classifier reports as metrics, in the log and in {@code /status}. */
package io.deeptweet.classifier.metrics;
