// SPDX-License-Identifier: Apache-2.0
/** How long to wait before another attempt, for brokers and registries that will come back. */
package io.deeptweet.service.retry;
