// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the jar's manifest. */
public final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "DeepTweet "
                    + Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
                            .orElse("(not built as a jar)")
        };
    }
}
