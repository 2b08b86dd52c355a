// SPDX-License-Identifier: Apache-2.0
/** Decodes and scores the tweets of each poll in batches, before the topology processes them. */
package io.deeptweet.classifier.prescore;
