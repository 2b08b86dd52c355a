// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.train.Architecture;
import io.deeptweet.trainer.train.Hyperparameters;
import java.math.BigDecimal;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes options' defaults from the training's own settings, so that each default stands once. */
abstract class SettingDefaults implements IDefaultValueProvider {
    private final Map<String, Object> settings;

    private SettingDefaults(Map<String, Object> settings) {
        this.settings = settings;
    }

    /** The defaults of {@code train}. */
    static final class OfTrain extends SettingDefaults {
        OfTrain() {
            super(Architecture.DEFAULT.settings());
            put(Hyperparameters.FROM_SCRATCH.settings());
        }
    }

    /** The defaults of {@code fine-tune}. */
    static final class OfFineTune extends SettingDefaults {
        OfFineTune() {
            super(Hyperparameters.FINE_TUNING.settings());
            put(Map.of("--rehearsal", Hyperparameters.REHEARSAL));
        }
    }

    void put(Map<String, Object> more) {
        settings.putAll(more);
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
}
