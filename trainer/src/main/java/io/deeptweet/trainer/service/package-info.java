// SPDX-License-Identifier: Apache-2.0
/** The trainer as a service: its settings, start, HTTP resources, health checks and metrics. Wiring only. */
package io.deeptweet.trainer.service;
