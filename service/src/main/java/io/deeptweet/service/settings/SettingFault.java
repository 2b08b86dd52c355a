// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.deeptweet.schemas.text.UntrustedText;

/** A setting that cannot be used, as a sentence: {@code deeptweet.window.grace is -5s: use 0s or longer}. */
record SettingFault(String sentence) {
    private static final int LONGEST_VALUE = 200;

    /** @param allowed allowed values, as the end of the sentence "use …" */
    static SettingFault wrongValue(String key, String value, String allowed) {
        String plain = key.endsWith("url") ? UntrustedText.withoutUserInfo(value) : value;
        String shown = UntrustedText.oneLine(UntrustedText.shortened(plain, LONGEST_VALUE));
        return new SettingFault(key + " is " + (value.isBlank() ? "empty" : shown) + ": use " + allowed);
    }

    static SettingFault wrongSecret(String key, String allowed) {
        return new SettingFault(key + " has a wrong value, not shown because it is secret: use " + allowed);
    }

    static SettingFault missing(String key, String allowed) {
        return new SettingFault(key + " is missing: use " + allowed);
    }

    static SettingFault unknown(String key) {
        return new SettingFault(UntrustedText.oneLine(key) + " is not a setting: correct or remove it");
    }
}
