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
    private static final String SEPARATOR = ": ";

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

    /** Who sent a label over HTTP, of what {@link #labeledBy} returned. Other names stay as they are. */
    static String nameIn(String labeledBy) {
        int separator = labeledBy.indexOf(SEPARATOR);
        return separator < 0 ? labeledBy : labeledBy.substring(0, separator);
    }

    /**
     * Who or what gave a label: a person is the user; a data set or a rule follows the user's name, as in {@code ada:
     * emoticons}, or {@code POST /labels} if nobody has authenticated.
     *
     * @param given what the label says; empty if it says nothing. A blank name stays blank, and is rejected
     */
    String labeledBy(Labeler labeler, Optional<String> given) {
        String sender = isKnown() ? name : ANONYMOUS;
        return labeler == Labeler.PERSON
                ? sender
                : given.map(said -> said.isBlank() ? said : sender + SEPARATOR + said)
                        .orElse(sender);
    }
}
