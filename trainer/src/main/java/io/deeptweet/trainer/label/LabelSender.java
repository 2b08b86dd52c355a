// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.Labeler;
import java.util.Locale;
import java.util.Optional;

/**
 * Who sent a label over HTTP. A person's labels are trusted most, so only a user who has authenticated gives them, and
 * under the user's own name: nobody labels as somebody else, or as many.
 *
 * @param name the user's name; blank if nobody has authenticated
 */
public record LabelSender(String name) {
    /** Nobody has authenticated. */
    public static final LabelSender UNKNOWN = new LabelSender("");

    private static final String ANONYMOUS = "POST /labels";

    public static LabelSender user(String name) {
        if (name.isBlank()) throw new IllegalArgumentException("a user needs a name");
        return new LabelSender(name);
    }

    private boolean isKnown() {
        return !name.isBlank();
    }

    boolean mayBe(Labeler labeler) {
        return isKnown() || labeler != Labeler.PERSON;
    }

    /** The kind of labeler of a label that names none. */
    String defaultLabeler() {
        return (isKnown() ? Labeler.PERSON : Labeler.SOURCE).name().toLowerCase(Locale.ROOT);
    }

    /**
     * Who or what gave a label: a person is the user; a data set or a rule follows the user's name, as in {@code ada:
     * emoticons}.
     *
     * @param given what the label says; empty if it says nothing
     */
    String labeledBy(Labeler labeler, Optional<String> given) {
        if (!isKnown()) return given.orElse(ANONYMOUS);
        return labeler == Labeler.PERSON
                ? name
                : given.map(said -> name + ": " + said).orElse(name);
    }
}
