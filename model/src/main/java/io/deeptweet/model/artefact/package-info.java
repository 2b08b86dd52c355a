// SPDX-License-Identifier: Apache-2.0
/**
 * The file that holds a trained model: a safetensors file with the weights, the vocabulary, the text pipeline and the
 * evaluation report. Reading one runs no code and checks every length, shape and digest.
 */
package io.deeptweet.model.artefact;
