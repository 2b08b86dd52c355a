// SPDX-License-Identifier: Apache-2.0
/**
 * Turns the text of a tweet into tokens, and tokens into rows of a vocabulary. A
 * {@link io.deeptweet.model.text.TextPipeline} defines the tokens; the scoring path reads them into a reusable
 * {@link io.deeptweet.model.text.TokenBuffer}.
 */
package io.deeptweet.model.text;
