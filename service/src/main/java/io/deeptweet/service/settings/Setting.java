// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Defines a setting: a method of a {@code @ConfigMapping} interface that returns a value, an {@code Optional}, a
 * {@code List}, or a {@code Map} from names to values. Its default is the method's {@code @WithDefault}; without one,
 * and unless it is optional, it is required.
 *
 * <p>Bounds are written as values are, such as {@code 1s}, and hold for each element of a list.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Setting {
    /** What it does, in one sentence with the unit. Goes to {@code docs/settings.md}. */
    String value();

    /**
     * Allowed values, as the end of the sentence "use …", such as {@code a host and a port, such as 10.0.0.7:8091}.
     * Derived from type and bounds if empty.
     */
    String allowed() default "";

    /** Smallest allowed value. */
    String from() default "";

    /** Allowed values are greater than this one. */
    String above() default "";

    /** Largest allowed value. */
    String to() default "";

    /** Allowed values are less than this one. */
    String below() default "";

    /** Regular expression that the text, or each element of a list, must match; needs {@link #allowed}. */
    String pattern() default "";

    /** Examples, as the end of the sentence "such as …". */
    String example() default "";

    /** Whether the value must not be shown anywhere. */
    boolean secret() default false;

    /** The default in words, where it is computed, such as {@code the number of cores}. */
    String defaultInWords() default "";
}
