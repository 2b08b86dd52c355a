// SPDX-License-Identifier: Apache-2.0
/** The second step of the topology: scores tweets with the active model and the shadow. */
package io.deeptweet.classifier.score;
