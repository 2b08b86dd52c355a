// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.definition;

/**
 * A record of a topic of definitions.
 *
 * @param <T> type of the definitions
 */
public sealed interface DefinitionChange<T> {
    /** The definition's name, as it was written: nobody has checked it. */
    String name();

    /** The name has this definition, which nobody has checked. */
    record Defined<T>(String name, T definition) implements DefinitionChange<T> {}

    /** The name has no definition any more. */
    record Removed<T>(String name) implements DefinitionChange<T> {}

    /** @param fault which record cannot be read, and why */
    record Unreadable<T>(String name, String fault) implements DefinitionChange<T> {}
}
