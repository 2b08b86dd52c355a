// SPDX-License-Identifier: Apache-2.0
/** Writes reports for people: pages from templates, and charts. */
package io.deeptweet.trainer.report;
