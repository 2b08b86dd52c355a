// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.LanguageFilter;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads lists of languages: see {@link LanguageFilter#of}. */
public final class LanguageFilterConverter implements Converter<LanguageFilter> {
    private static final long serialVersionUID = 1L;

    @Override
    public LanguageFilter convert(String value) {
        return LanguageFilter.of(value);
    }
}
