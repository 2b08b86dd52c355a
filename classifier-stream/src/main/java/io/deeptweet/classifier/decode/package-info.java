// SPDX-License-Identifier: Apache-2.0
/** The first step of the topology: decodes and checks tweets, and rejects invalid records. */
package io.deeptweet.classifier.decode;
