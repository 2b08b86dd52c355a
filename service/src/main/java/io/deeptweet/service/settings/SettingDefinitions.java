// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.deeptweet.service.settings.SettingDefinition.Form;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.common.utils.StringUtil;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads the definitions of all settings from a {@code @ConfigMapping} interface. */
final class SettingDefinitions {
    /** Gives the keys of a map. */
    interface KeySource {
        /**
         * @param prefix the map's own key, such as {@code deeptweet.feeds}
         * @return keys as they are written after it, quoted if need be
         */
        List<String> keys(String prefix, Keys keys);
    }

    /** For the documentation: a placeholder such as {@code <feed>} stands for every key. */
    static final KeySource PLACEHOLDERS = (prefix, keys) -> List.of('<' + keys.value() + '>');

    private final KeySource keySource;
    private final List<SettingDefinition> found = new ArrayList<>();

    private SettingDefinitions(KeySource keySource) {
        this.keySource = keySource;
    }

    /**
     * All settings of a mapping, by key.
     *
     * @throws IllegalStateException if a method lacks its annotation or has a type that is not supported
     */
    static List<SettingDefinition> of(Class<?> mapping, KeySource keySource) {
        SettingDefinitions definitions = new SettingDefinitions(keySource);
        definitions.group(mapping, prefix(mapping));
        definitions.found.sort(Comparator.comparing(SettingDefinition::key));
        return List.copyOf(definitions.found);
    }

    static String prefix(Class<?> mapping) {
        ConfigMapping annotation = mapping.getAnnotation(ConfigMapping.class);
        if (annotation == null) throw new IllegalStateException(mapping + " is not a @ConfigMapping");
        return annotation.prefix();
    }

    private void group(Class<?> group, String prefix) {
        for (Method method : group.getMethods()) {
            if (method.isDefault() || java.lang.reflect.Modifier.isStatic(method.getModifiers())) continue;
            WithName name = method.getAnnotation(WithName.class);
            String key = prefix + '.' + (name == null ? StringUtil.skewer(method.getName()) : name.value());
            if (rawType(method.getGenericReturnType()) == Map.class) map(method, key);
            else if (isGroup(method.getReturnType())) group(method.getReturnType(), key);
            else setting(method, key, method.getAnnotatedReturnType());
        }
    }

    private void map(Method method, String prefix) {
        Keys keys = annotation(method, Keys.class);
        AnnotatedType value =
                ((AnnotatedParameterizedType) method.getAnnotatedReturnType()).getAnnotatedActualTypeArguments()[1];
        for (String key : keySource.keys(prefix, keys)) {
            if (value.getType() instanceof Class<?> group && isGroup(group)) group(group, prefix + '.' + key);
            else setting(method, prefix + '.' + key, value);
        }
    }

    private void setting(Method method, String key, AnnotatedType annotated) {
        AnnotatedType element = annotated;
        boolean optional = false;
        boolean list = false;
        while (element instanceof AnnotatedParameterizedType outer) {
            Class<?> raw = rawType(outer.getType());
            optional |= raw == Optional.class;
            list |= raw == List.class;
            if (raw != Optional.class && raw != List.class)
                throw new IllegalStateException(method + ": settings of type " + raw + " are not supported");
            element = outer.getAnnotatedActualTypeArguments()[0];
        }
        WithConverter converter = element.getAnnotation(WithConverter.class);
        if (converter == null) converter = method.getAnnotation(WithConverter.class);
        found.add(new SettingDefinition(
                key,
                annotation(method, Setting.class),
                rawType(element.getType()),
                optional ? list ? Form.OPTIONAL_LIST : Form.OPTIONAL : list ? Form.LIST : Form.VALUE,
                Optional.ofNullable(method.getAnnotation(WithDefault.class)).map(WithDefault::value),
                Optional.ofNullable(converter).<Class<? extends Converter<?>>>map(WithConverter::value)));
    }

    private static boolean isGroup(Class<?> type) {
        return type.isInterface()
                && Arrays.stream(type.getMethods())
                        .anyMatch(method ->
                                method.isAnnotationPresent(Setting.class) || method.isAnnotationPresent(Keys.class));
    }

    private static Class<?> rawType(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    private static <A extends java.lang.annotation.Annotation> A annotation(Method method, Class<A> type) {
        A annotation = method.getAnnotation(type);
        if (annotation == null)
            throw new IllegalStateException(method + " needs the annotation @" + type.getSimpleName());
        return annotation;
    }
}
