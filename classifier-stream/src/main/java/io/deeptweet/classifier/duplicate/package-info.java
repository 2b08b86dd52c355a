// SPDX-License-Identifier: Apache-2.0
/** Drops tweets that were processed shortly before. */
package io.deeptweet.classifier.duplicate;
