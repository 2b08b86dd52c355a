// SPDX-License-Identifier: Apache-2.0
/** The windows of the topology: partial sums by feed, late records, and the aggregate that windows keep. */
package io.deeptweet.classifier.window;
