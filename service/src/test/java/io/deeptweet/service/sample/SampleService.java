// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.sample;

import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.start.ServiceStart;
import io.deeptweet.service.start.StartFailureHandler;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;

/** Starts as the services do, shows its settings and ends. */
@QuarkusMain
public class SampleService implements QuarkusApplication {
    private final ServiceStart start;
    private final SampleSettings injected;

    @Inject
    SampleService(ServiceStart start, SampleSettings settings) {
        this.start = start;
        this.injected = settings;
    }

    public static void main(String... arguments) {
        Quarkus.run(
                SampleService.class,
                new StartFailureHandler(
                        "sample",
                        SampleSettings.class,
                        // A service says System::exit here, which would end the tests.
                        code -> ApplicationLifecycleManager.getDefaultExitCodeHandler()
                                .accept(code, null)),
                arguments);
    }

    @Override
    public int run(String... arguments) {
        boolean started = start.run("sample", () -> {
            SampleSettings settings = Settings.checked(SampleSettings.class);
            System.out.println("grace " + settings.window().grace() + ", feeds "
                    + settings.feeds().keySet());
            injected.feeds().forEach((name, feed) -> System.out.println(name + " repeats " + feed.repeat()));
        });
        return started ? 0 : 1;
    }
}
