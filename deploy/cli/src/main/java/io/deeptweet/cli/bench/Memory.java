// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

/**
 * What the largest classifier used, in bytes. The names are those of {@code bench --json}.
 *
 * @param heap used heap, as last seen
 * @param committedHeap what the JVM took for the heap
 * @param other committed by the JVM beside the heap: classes and code
 * @param resident the most that the process had in memory; 0 if unknown
 */
record Memory(long heap, long committedHeap, long other, long resident) {}
