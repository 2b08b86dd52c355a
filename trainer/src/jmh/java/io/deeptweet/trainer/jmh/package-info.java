// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of the scoring kernels and of training, against DL4J and ONNX Runtime. The Maven profile runs them. */
package io.deeptweet.trainer.jmh;
