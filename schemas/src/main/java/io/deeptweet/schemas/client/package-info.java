// SPDX-License-Identifier: Apache-2.0
/** Default addresses of Kafka and of the schema registry, and settings of clients. */
package io.deeptweet.schemas.client;
