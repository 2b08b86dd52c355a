// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Settings cannot be used. The message names each with its value and what to use instead, on one line:
 * {@code deeptweet.window.grace is -5s: use 0s or longer}.
 */
public final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidSettingException(List<SettingFault> faults) {
        super(faults.stream().map(SettingFault::sentence).collect(Collectors.joining("; ")));
    }

    /**
     * A setting that is wrong for a reason beyond its own definition, such as another setting or a missing file.
     *
     * @param value the value; not for secrets
     * @param allowed what to use instead, as the end of the sentence "use …"
     */
    public InvalidSettingException(String key, Object value, String allowed) {
        this(List.of(SettingFault.wrongValue(key, value.toString(), allowed)));
    }

    /**
     * As the constructor, for a secret: its value is not shown.
     *
     * @param allowed what to use instead, as the end of the sentence "use …"
     */
    public static InvalidSettingException ofSecret(String key, String allowed) {
        return new InvalidSettingException(List.of(SettingFault.wrongSecret(key, allowed)));
    }

    /**
     * A setting that is missing where others need it.
     *
     * @param allowed what to use, as the end of the sentence "use …"
     */
    public static InvalidSettingException missing(String key, String allowed) {
        return new InvalidSettingException(List.of(SettingFault.missing(key, allowed)));
    }
}
