// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.data.LabeledText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A tweet's label, with the text it belongs to.
 *
 * @param id the tweet's id
 * @param labeler the kind of labeler: person, source or weak rule
 * @param by name of the labeller; empty for a text of the operator's files
 * @param at when the label was given
 */
public record Label(String id, String text, Sentiment sentiment, Labeler labeler, String by, Instant at) {
    private static final int ID_DIGITS = 16;

    /** What a labelled tweet is used for; it never changes. */
    public enum Subset {
        TRAIN,
        VALIDATION,
        /** Tested on, and never trained on. */
        HELD_OUT
    }

    /** The label of a record of {@code tweets.labeled}. */
    public static Label of(LabeledTweet tweet) {
        return new Label(
                tweet.getId(),
                tweet.getText(),
                tweet.getLabel(),
                tweet.getLabeler(),
                tweet.getLabeledBy(),
                tweet.getLabeledAt());
    }

    /** The label of a text without an id, as a labelled data set holds it. */
    public static Label of(LabeledText text) {
        return new Label(
                idOf(text.text()),
                text.text(),
                Sentiment.valueOf(text.label().name()),
                Labeler.SOURCE,
                "",
                Instant.EPOCH);
    }

    /** An id for a text without one. Equal texts have equal ids, so a text that is sent twice is one tweet. */
    public static String idOf(String text) {
        return "text-" + HexFormat.of().formatHex(sha256(text)).substring(0, ID_DIGITS);
    }

    /**
     * What this label is used for. A function of the id alone, so that it is the same after every restart: a fifth is
     * held out and a fifth is for validation, as in {@link io.deeptweet.trainer.data.Split#FINE_TUNING}.
     */
    public Subset subset() {
        return switch ((int) Long.remainderUnsigned(Long.rotateLeft(hash(id), 32), 5)) {
            case 0 -> Subset.HELD_OUT;
            case 1 -> Subset.VALIDATION;
            default -> Subset.TRAIN;
        };
    }

    /** Whether this label replaces that one: it is from a more trusted kind of labeler, or as trusted and not older. */
    boolean outranks(Labeler other, Instant given) {
        int trust = other.compareTo(labeler);
        return trust > 0 || (trust == 0 && !at.isBefore(given));
    }

    /** The first 64 bits of the id's SHA-256. */
    static long hash(String id) {
        return ByteBuffer.wrap(sha256(id)).getLong();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
