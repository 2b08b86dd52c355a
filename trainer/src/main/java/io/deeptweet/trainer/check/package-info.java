// SPDX-License-Identifier: Apache-2.0
/** Behavioural tests of models, in the way of CheckList (Ribeiro et al., 2020). */
package io.deeptweet.trainer.check;
