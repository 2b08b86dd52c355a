// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.schemas.reject.Rejection.Reason;

/** Decompresses messages that were compressed by zstd with a dictionary. Not thread-safe. */
final class Decompressor implements AutoCloseable {
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    Decompressor(byte[] dictionary) {
        context.loadDict(dictionary);
    }

    @Override
    public void close() {
        context.close();
    }

    /**
     * @param most most bytes of the result
     * @throws InvalidTweetException if it is damaged, was compressed otherwise, or is too large
     */
    byte[] decompress(byte[] compressed, int most) throws InvalidTweetException {
        long size = Zstd.getFrameContentSize(compressed);
        if (size > most)
            throw new InvalidTweetException(Reason.TOO_LARGE, "the message has more than " + most + " bytes");
        try {
            return context.decompress(compressed, size > 0 ? (int) size : most);
        } catch (ZstdException e) {
            throw new InvalidTweetException(Reason.MALFORMED, "not zstd with the dictionary: " + e.getMessage());
        }
    }
}
