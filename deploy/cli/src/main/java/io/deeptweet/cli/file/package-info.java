// SPDX-License-Identifier: Apache-2.0
/** Options of the commands that read files of tweets. */
package io.deeptweet.cli.file;
