// SPDX-License-Identifier: Apache-2.0
/**
 * Reads input files: opens plain and compressed files, and splits them into lines or delimited records within bounded
 * memory.
 */
package io.deeptweet.service.file;
