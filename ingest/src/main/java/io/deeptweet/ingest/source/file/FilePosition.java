// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.file;

import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetCopy;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A position in a file that is replayed, after a record.
 *
 * @param pass how often the file has been replayed before, in a loop or by a start from its beginning
 * @param records records from the file's beginning
 * @param checksum CRC-32C of these records; tells whether the file is still the same
 */
record FilePosition(long pass, long records, int checksum) {
    private static final FilePosition BEGINNING = new FilePosition(0, 0, 0);
    private static final Pattern FORMAT = Pattern.compile("pass=(\\d{1,18}) records=(\\d{1,18}) crc32c=([0-9a-f]{8})");

    /**
     * A position that {@link #toString} wrote; the beginning if it is empty.
     *
     * @throws IllegalArgumentException if it is another text
     */
    static FilePosition parse(String position) {
        if (position.isEmpty()) return BEGINNING;
        Matcher matcher = FORMAT.matcher(position);
        if (!matcher.matches()) throw new IllegalArgumentException("\"" + position + "\" is not a position in a file");
        return new FilePosition(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                HexFormat.fromHexDigits(matcher.group(3)));
    }

    /** The file's beginning, once more. */
    FilePosition nextPass() {
        return new FilePosition(pass + 1, 0, 0);
    }

    /**
     * The tweet as this pass publishes it. From the second pass on its id ends with the pass, such as {@code ~2}: it
     * would be taken for a duplicate of the first one otherwise.
     */
    ParsedTweet passed(ParsedTweet parsed) {
        if (pass == 0 || !(parsed instanceof ParsedTweet.Valid valid)) return parsed;
        Tweet tweet = valid.tweet();
        String id = tweet.getId() + "~" + (pass + 1);
        if (id.length() > TweetLimits.LONGEST_NAME) return parsed;
        return new ParsedTweet.Valid(TweetCopy.withId(tweet, id), valid.label());
    }

    /** Follows the records of the same pass from the file's beginning. */
    Tracker tracker() {
        return new Tracker(pass);
    }

    /** Such as {@code 1,200 records}. */
    String inWords() {
        String words = String.format(Locale.ROOT, "%,d records", records);
        return pass == 0 ? words : words + " of pass " + (pass + 1);
    }

    @Override
    public String toString() {
        return "pass=" + pass + " records=" + records + " crc32c="
                + HexFormat.of().toHexDigits(checksum);
    }

    /** Reads a file from its beginning. Not thread-safe. */
    static final class Tracker {
        private final CRC32C checksum = new CRC32C();
        private FilePosition reached;

        private Tracker(long pass) {
            reached = new FilePosition(pass, 0, 0);
        }

        /** Moves on by a record, and returns the position after it. */
        FilePosition after(byte[] record) {
            checksum.update(record);
            checksum.update('\n');
            reached = new FilePosition(reached.pass, reached.records + 1, (int) checksum.getValue());
            return reached;
        }

        FilePosition reached() {
            return reached;
        }
    }
}
