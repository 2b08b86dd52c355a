// SPDX-License-Identifier: Apache-2.0
/** Knowledge distillation: a teacher of two pre-trained sentence encoders gives training texts soft labels. */
package io.deeptweet.trainer.distill;
