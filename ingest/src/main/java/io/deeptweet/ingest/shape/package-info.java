// SPDX-License-Identifier: Apache-2.0
/** The shapes in which files, requests and servers hold posts, told apart by content. */
package io.deeptweet.ingest.shape;
