// SPDX-License-Identifier: Apache-2.0
/** The models in use: reads the model topic, builds scorers, and swaps the active model and the shadow. */
package io.deeptweet.classifier.model;
