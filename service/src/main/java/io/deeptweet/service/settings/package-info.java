// SPDX-License-Identifier: Apache-2.0
/**
 * Typed settings: what an annotated {@code @ConfigMapping} interface says about each setting is checked at start, named
 * in errors, and written to {@code docs/settings.md}.
 */
package io.deeptweet.service.settings;
