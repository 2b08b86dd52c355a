// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.untrusted;

import io.deeptweet.schemas.text.UntrustedText;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.List;

/** Makes the values of metrics' tags short and harmless: some are names of feeds and models, which records bring. */
@Singleton
final class MetricTags implements MeterFilter {
    private static final int LONGEST_VALUE = 256;

    @Override
    public Meter.Id map(Meter.Id id) {
        List<Tag> tags = id.getTags();
        return tags.stream().allMatch(tag -> safe(tag.getValue()).equals(tag.getValue()))
                ? id
                : id.replaceTags(tags.stream()
                        .map(tag -> Tag.of(tag.getKey(), safe(tag.getValue())))
                        .toList());
    }

    private static String safe(String value) {
        return UntrustedText.oneLine(UntrustedText.shortened(value, LONGEST_VALUE));
    }
}
