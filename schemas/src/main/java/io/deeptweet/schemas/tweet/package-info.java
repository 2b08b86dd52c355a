// SPDX-License-Identifier: Apache-2.0
/** Limits of the fields of tweets and labels. */
package io.deeptweet.schemas.tweet;
