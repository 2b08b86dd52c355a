// SPDX-License-Identifier: Apache-2.0
/** Avro serializers and deserializers in Confluent's wire format, with schema ids from a registry. */
package io.deeptweet.schemas.serde;
