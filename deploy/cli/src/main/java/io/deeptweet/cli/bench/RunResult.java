// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import java.util.List;

/**
 * The result of one measurement. The names are those of {@code bench --json}.
 *
 * @param scoring whether tweets were scored, or passed through
 * @param lost what is missing, doubled or not counted, in sentences; empty if all is well
 */
record RunResult(Shape shape, boolean scoring, Drain drain, List<Delays> delays, Memory memory, List<String> lost) {}
