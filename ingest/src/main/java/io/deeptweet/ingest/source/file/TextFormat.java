// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.file;

import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.ingest.tweet.TweetFormat;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.Utf8;
import java.nio.charset.CharacterCodingException;

/** A record is the text of a tweet. */
final class TextFormat implements TweetFormat {
    @Override
    public TweetFields fields(byte[] record) throws InvalidTweetException {
        try {
            return TweetFields.ofText(Utf8.decode(record));
        } catch (CharacterCodingException e) {
            throw new InvalidTweetException(Reason.MALFORMED, "not UTF-8");
        }
    }
}
