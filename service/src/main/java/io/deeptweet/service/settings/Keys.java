// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Defines the keys of a {@code Map} in a {@code @ConfigMapping} interface, such as names of feeds. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Keys {
    /** What a key is, such as {@code feed}. Stands for it in the documentation: {@code deeptweet.feeds.<feed>.rate}. */
    String value();

    /** Regular expression that a key must match. */
    String pattern();

    /** Allowed keys, as the end of the sentence "use …". */
    String allowed();
}
