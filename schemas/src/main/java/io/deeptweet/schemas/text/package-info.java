// SPDX-License-Identifier: Apache-2.0
/** Printing text that somebody else wrote. */
package io.deeptweet.schemas.text;
