// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/**
 * The settings of a service: an instance of its {@code @ConfigMapping} interface whose values are all allowed.
 *
 * <p>Quarkus reads the mapping before the service's own code runs. Where it cannot, the service's
 * {@link io.deeptweet.service.start.StartFailureHandler} asks {@link #faults} what is wrong.
 */
public final class Settings {
    private static final Logger LOG = Logger.getLogger(Settings.class);

    private Settings() {}

    /**
     * The settings of the running service. Warns of environment variables that look like settings, but are none.
     *
     * @param mapping the service's interface; a bean must inject it, or Quarkus leaves it out
     * @throws InvalidSettingException if any is wrong, missing or unknown; the message names all of them
     */
    public static <T> T checked(Class<T> mapping) {
        SmallRyeConfig config = ConfigProvider.getConfig().unwrap(SmallRyeConfig.class);
        SettingsCheck check = SettingsCheck.of(mapping, config);
        if (!check.faults().isEmpty()) throw new InvalidSettingException(check.faults());
        for (String variable : check.unknownVariables())
            LOG.warnf("the environment variable %s is ignored: it is not a setting of this service", variable);
        return config.getConfigMapping(mapping);
    }

    /**
     * The settings that these properties give, without any other source: for tests.
     *
     * @throws InvalidSettingException as {@link #checked}
     */
    public static <T> T of(Class<T> mapping, Map<String, String> properties) {
        List<SettingFault> faults =
                SettingsCheck.of(mapping, builder(properties).build()).faults();
        if (!faults.isEmpty()) throw new InvalidSettingException(faults);
        return builder(properties).withMapping(mapping).build().getConfigMapping(mapping);
    }

    private static SmallRyeConfigBuilder builder(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(properties, "given", 100))
                .withValidateUnknown(false);
    }

    /**
     * What is wrong with the settings of a service that Quarkus could not start, without their {@code @WithDefault}
     * values: a sentence for each fault. Empty if the cause is something else.
     */
    public static List<String> faults(Class<?> mapping) {
        // Quarkus' own configuration is not available. This one knows the mapping's names, because the names of
        // environment variables are matched with them, but reads no values into it.
        SmallRyeConfig config = ConfigUtils.configBuilder()
                .withSources(new NamesSource(
                        SettingDefinitions.of(mapping, (prefix, keys) -> List.of(NamesSource.ANY)).stream()
                                .map(SettingDefinition::key)
                                .collect(Collectors.toSet())))
                .build();
        return SettingsCheck.of(mapping, config).faults().stream()
                .map(SettingFault::sentence)
                .toList();
    }
}
