// SPDX-License-Identifier: Apache-2.0
/** The model topic: how a model is stored on {@code sentiment.models}, and the state that its records add up to. */
package io.deeptweet.schemas.published;
