// SPDX-License-Identifier: Apache-2.0
/** State that is written once per commit instead of once per record. */
package io.deeptweet.classifier.commit;
