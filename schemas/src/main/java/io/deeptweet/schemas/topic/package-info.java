// SPDX-License-Identifier: Apache-2.0
/** Names and settings of the topics, their creation, and reading them without a consumer group. */
package io.deeptweet.schemas.topic;
