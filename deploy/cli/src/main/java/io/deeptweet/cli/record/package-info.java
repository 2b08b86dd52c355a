// SPDX-License-Identifier: Apache-2.0
/** Records of DeepTweet's topics as text for a terminal. */
package io.deeptweet.cli.record;
