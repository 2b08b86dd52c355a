// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.List;
import java.util.Optional;

/**
 * The labelled texts of a file with the ids of their tweets.
 *
 * @param ids (texts of the set) empty where the file has none
 */
public record DataSetWithIds(DataSet set, List<Optional<String>> ids) {}
