// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.service.settings.InvalidSettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The settings' names of a live source, and its addresses.
 *
 * @param source its name
 */
record SourceKeys(String source) {
    /** Such as {@code deeptweet.sources.bluesky.url}. */
    String key(String setting) {
        return "deeptweet.sources." + source + "." + setting;
    }

    InvalidSettingException missing(String setting, String allowed) {
        return InvalidSettingException.missing(key(setting), allowed);
    }

    InvalidSettingException wrong(String setting, String value, String allowed) {
        return new InvalidSettingException(key(setting), value, allowed);
    }

    /**
     * An address with a host and one of these schemes, as a regular expression; empty if it is another text.
     *
     * @throws InvalidSettingException if there is a user or a password in it, which is not shown
     */
    Optional<URI> address(String url, String schemes, String insteadOfPassword) {
        try {
            URI address = new URI(url.strip());
            if (address.getRawUserInfo() != null) throw wrong("url", "an address with a password", insteadOfPassword);
            return Optional.of(address)
                    .filter(uri -> uri.getHost() != null
                            && uri.getScheme() != null
                            && uri.getScheme().matches(schemes));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
