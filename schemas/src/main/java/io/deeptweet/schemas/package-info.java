// SPDX-License-Identifier: Apache-2.0
/** The contracts of DeepTweet: the classes here are generated from the Avro schemas. */
package io.deeptweet.schemas;
