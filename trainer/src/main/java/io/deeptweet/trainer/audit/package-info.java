// SPDX-License-Identifier: Apache-2.0
/** Who changed which model scores, and why: the topic {@code sentiment.audit}. */
package io.deeptweet.trainer.audit;
