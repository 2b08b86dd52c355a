// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.FeedRule;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads rules of feeds: see {@link FeedRule#of}. */
public final class FeedRuleConverter implements Converter<FeedRule> {
    private static final long serialVersionUID = 1L;

    @Override
    public FeedRule convert(String value) {
        return FeedRule.of(value);
    }
}
