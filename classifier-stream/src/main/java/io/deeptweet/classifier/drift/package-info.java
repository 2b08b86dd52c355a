// SPDX-License-Identifier: Apache-2.0
/** The drift of a feed: how far its windows are from what the model was evaluated on. */
package io.deeptweet.classifier.drift;
