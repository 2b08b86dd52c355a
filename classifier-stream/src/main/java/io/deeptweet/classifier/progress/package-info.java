// SPDX-License-Identifier: Apache-2.0
/** The stream's own record of how far it has processed {@code tweets.raw}, and the check of the group's offsets. */
package io.deeptweet.classifier.progress;
