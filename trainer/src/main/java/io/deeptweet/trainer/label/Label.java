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
 * A tweet's label as the trainer learns from it.
 *
 * @param labeler what kind of judge gave it
 * @param at when it was given
 */
public record Label(String id, String text, boolean positive, Labeler labeler, Instant at) {
    private static final int ID_DIGITS = 16;

    /** Which side a labelled tweet is on, for good. */
    public enum Side {
        /** Is learned. */
        TRAIN,
        /** Tells when to stop learning. */
        VALIDATION,
        /** Measures, and is never learned. */
        HELD_OUT
    }

    public static Label of(LabeledTweet tweet) {
        return new Label(
                tweet.getId(),
                tweet.getText(),
                tweet.getLabel() == Sentiment.POSITIVE,
                tweet.getLabeler(),
                tweet.getLabeledAt());
    }

    /** The label of a text of which nobody knows which tweet it was. */
    public static Label of(LabeledText text) {
        return new Label(idOf(text.text()), text.text(), text.positive(), Labeler.SOURCE, Instant.EPOCH);
    }

    /**
     * The id of a text that came without one: the same for the same text, so that it is one tweet however often it
     * comes.
     */
    public static String idOf(String text) {
        return "text-" + HexFormat.of().formatHex(sha256(text)).substring(0, ID_DIGITS);
    }

    /**
     * The side, by the id alone: a fifth is held out and a fifth validates, as
     * {@link io.deeptweet.trainer.data.Split#FINE_TUNING} has it, whatever comes before or after and however often the
     * trainer starts again.
     */
    public Side side() {
        return switch ((int) Long.remainderUnsigned(Long.rotateLeft(hash(id), 32), 5)) {
            case 0 -> Side.HELD_OUT;
            case 1 -> Side.VALIDATION;
            default -> Side.TRAIN;
        };
    }

    /** Whether this label replaces that one: the more trusted judge's does, and among equals the later. */
    boolean outranks(Labeler other, Instant given) {
        int trust = other.compareTo(labeler);
        return trust > 0 || trust == 0 && !at.isBefore(given);
    }

    LabeledText labeledText() {
        return new LabeledText(text, positive);
    }

    /** 64 bits that look random, the same for the same id. */
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
