// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.schemas.text.UntrustedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The live sources of {@code --live}. Their names are those of ingest's sources and feeds, unless the feed has one. */
enum LiveSource {
    BLUESKY("bluesky or bluesky=URL", "jetstream", false, "", "wss?://[^,\\s]+", "wss://HOST/subscribe"),
    MASTODON("mastodon=HOST", "mastodon", true, "https://", "https?://[^/,\\s]+/?", "mastodon.social"),
    X("x", "x", false, "https://", "https?://[^/,\\s]+/?", "https://api.x.com");

    private final String usage;
    private final String type;
    private final boolean needsAddress;
    /** Of an address that has no scheme. */
    private final String scheme;

    private final String address;
    private final String example;

    LiveSource(String usage, String type, boolean needsAddress, String scheme, String address, String example) {
        this.usage = usage;
        this.type = type;
        this.needsAddress = needsAddress;
        this.scheme = scheme;
        this.address = address;
        this.example = example;
    }

    /** The name in options and settings. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The source that all values of {@code --live} name.
     *
     * @param values at least one, each a name, perhaps with {@code =} and addresses separated by commas
     * @throws IllegalArgumentException if there is none, or there are several; the message is a sentence
     */
    static LiveSource of(List<String> values) {
        List<String> names =
                values.stream().map(value -> value.split("=", 2)[0]).distinct().toList();
        if (names.size() > 1)
            throw new IllegalArgumentException("--live names "
                    + String.join(
                            " and ",
                            names.stream().map(UntrustedText::withoutUserInfo).toList()) + ": use one of them");
        return Arrays.stream(values())
                .filter(source -> source.label().equals(names.get(0)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--live is "
                        + UntrustedText.withoutUserInfo(values.get(0)) + ": use "
                        + Arrays.stream(values()).map(source -> source.usage).collect(Collectors.joining(" or "))));
    }

    /**
     * Ingest's settings of the source.
     *
     * @param values those of {@code --live}
     * @throws IllegalArgumentException if an address is wrong or missing; the message is a sentence
     */
    Map<String, String> settings(List<String> values) {
        List<String> addresses = new ArrayList<>();
        for (String value : values) {
            String[] parts = value.split("=", 2);
            for (String part : parts.length == 1 ? new String[0] : parts[1].split(",", -1)) {
                String whole = part.contains("://") ? part : scheme + part;
                if (!whole.matches(address))
                    throw new IllegalArgumentException("--live is " + UntrustedText.withoutUserInfo(value)
                            + ": use an address such as " + example);
                addresses.add(whole);
            }
        }
        if (addresses.isEmpty() && needsAddress)
            throw new IllegalArgumentException(
                    "--live is " + label() + ": use " + usage + ", such as " + label() + "=" + example);
        String prefix = "deeptweet.sources." + label() + ".";
        Map<String, String> settings = new LinkedHashMap<>(Map.of(prefix + "type", type));
        if (!addresses.isEmpty()) settings.put(prefix + "url", String.join(",", addresses));
        return settings;
    }
}
