// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.train.Architecture;
import io.deeptweet.trainer.train.Hyperparameters;
import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes the defaults of options from the classes of the training, so that each default stands once. */
abstract class SettingDefaults implements IDefaultValueProvider {
    private final Map<String, Object> settings;

    /** @param settings defaults by the options' names */
    private SettingDefaults(Map<String, Object> settings) {
        this.settings = settings;
    }

    /** The defaults of {@code train}. */
    static final class OfTrain extends SettingDefaults {
        OfTrain() {
            super(joined(Architecture.DEFAULT.settings(), Hyperparameters.FROM_SCRATCH.settings()));
        }
    }

    /** The defaults of {@code fine-tune}. */
    static final class OfFineTune extends SettingDefaults {
        OfFineTune() {
            super(joined(Hyperparameters.FINE_TUNING.settings(), Map.of("--rehearsal", Hyperparameters.REHEARSAL)));
        }
    }

    /** The option's setting; null, as picocli asks for, if it has none. */
    @Override
    public String defaultValue(ArgSpec argument) {
        Object value = argument instanceof OptionSpec option ? settings.get(option.longestName()) : null;
        if (value == null) return null;
        return value instanceof Double number
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : value.toString();
    }

    private static Map<String, Object> joined(Map<String, Object> first, Map<String, Object> second) {
        return Stream.of(first, second)
                .flatMap(settings -> settings.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
