// SPDX-License-Identifier: Apache-2.0
/**
 * Labels of tweets: checks them, writes them to {@code tweets.labeled}, reads them from there, and keeps in memory what
 * rounds of fine-tuning learn from.
 */
package io.deeptweet.trainer.label;
