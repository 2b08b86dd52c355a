// SPDX-License-Identifier: Apache-2.0
/** {@code topics}: shows, creates and grows the topics. */
package io.deeptweet.cli.topics;
