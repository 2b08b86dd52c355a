// SPDX-License-Identifier: Apache-2.0
/** Named definitions in a compacted topic, such as feeds and alert rules, that change while services run. */
package io.deeptweet.service.definition;
