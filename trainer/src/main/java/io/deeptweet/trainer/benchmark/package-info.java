// SPDX-License-Identifier: Apache-2.0
/** The benchmark: the paper's data sets, a linear baseline, and a report of all models on all test sets. */
package io.deeptweet.trainer.benchmark;
