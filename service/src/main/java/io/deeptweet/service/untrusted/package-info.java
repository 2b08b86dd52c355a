// SPDX-License-Identifier: Apache-2.0
/** Keeps control characters of records out of the log and the metrics, whoever writes them. */
package io.deeptweet.service.untrusted;
