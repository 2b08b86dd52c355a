// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

/** How the records of a file or a request hold posts. */
public interface RecordFormat {
    /** Reads a record. What is wrong with it is told by its parts. */
    Content read(byte[] record);
}
