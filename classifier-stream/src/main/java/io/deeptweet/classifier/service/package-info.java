// SPDX-License-Identifier: Apache-2.0
/** The service: settings, start, health and {@code /status}. Wiring only. */
package io.deeptweet.classifier.service;
