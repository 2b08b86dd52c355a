// SPDX-License-Identifier: Apache-2.0
/** What the three services share: settings, start, back-off, request batches, files and error answers. */
package io.deeptweet.service;
