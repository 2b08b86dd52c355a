// SPDX-License-Identifier: Apache-2.0
/** Training sentences with known labels, generated from templates and word lists. */
package io.deeptweet.trainer.generate;
