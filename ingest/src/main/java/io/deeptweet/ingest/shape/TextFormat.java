// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.Utf8;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/** A record is the text of a tweet. */
public final class TextFormat implements RecordFormat {
    @Override
    public Content read(byte[] record) {
        return new Content("text", List.of(Part.of(() -> record, () -> TweetFields.ofText(text(record)))));
    }

    private static String text(byte[] record) throws InvalidTweetException {
        try {
            return Utf8.decode(record);
        } catch (CharacterCodingException e) {
            throw new InvalidTweetException(Reason.MALFORMED, "not UTF-8");
        }
    }
}
