// SPDX-License-Identifier: Apache-2.0
/** Imports models that Keras has saved: HDF5 weights and the tokenizer's JSON. */
package io.deeptweet.trainer.keras;
