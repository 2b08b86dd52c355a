// SPDX-License-Identifier: Apache-2.0
/** Alerts: rules, and when they fire and clear. */
package io.deeptweet.classifier.alert;
