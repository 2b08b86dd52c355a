// SPDX-License-Identifier: Apache-2.0
/** Why a record was written to {@code tweets.rejected}. */
package io.deeptweet.schemas.reject;
