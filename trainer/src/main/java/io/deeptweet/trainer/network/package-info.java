// SPDX-License-Identifier: Apache-2.0
/**
 * The network that is trained: a bidirectional LSTM in DL4J, with an encoder layer of its own that is several times as
 * fast as DL4J's layers. DL4J's layers are the reference for this encoder and for the scoring kernels.
 */
package io.deeptweet.trainer.network;
