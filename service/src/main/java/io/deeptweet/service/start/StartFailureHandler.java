// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.start;

import io.deeptweet.service.settings.InvalidSettingException;
import io.deeptweet.service.settings.Settings;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.util.ExceptionUtil;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Tells in one line why Quarkus could not start a service, and ends the process. Only an unexpected failure is logged
 * with a stack trace. For {@code Quarkus.run}, which logs nothing itself if it is given an exit handler:
 *
 * <pre>{@code
 * Quarkus.run(IngestService.class, new StartFailureHandler("ingest", IngestConfig.class, System::exit), arguments);
 * }</pre>
 */
public final class StartFailureHandler implements BiConsumer<Integer, Throwable> {
    private static final Logger LOG = Logger.getLogger(StartFailureHandler.class);

    private final String service;
    private final Class<?> settings;
    private final IntConsumer exit;

    /**
     * @param service the service's name, such as {@code ingest}
     * @param settings its {@code @ConfigMapping} interface
     * @param exit receives the exit code, also that of a service that has started and was stopped
     */
    public StartFailureHandler(String service, Class<?> settings, IntConsumer exit) {
        this.service = service;
        this.settings = settings;
        this.exit = exit;
    }

    @Override
    public void accept(Integer exitCode, Throwable failure) {
        if (failure != null) tell(failure);
        exit.accept(exitCode);
    }

    private void tell(Throwable failure) {
        Throwable cause = ExceptionUtil.getRootCause(failure);
        // The log is configured by settings too: where they cannot be read, there is none yet.
        if (cause instanceof ConfigValidationException invalid)
            System.err.println(service + " cannot start: " + sentence(invalid));
        else if (cause instanceof ConfigurationException)
            System.err.println(service + " cannot start: " + cause.getMessage());
        else if (cause instanceof InvalidSettingException)
            LOG.errorf("%s cannot start: %s", service, cause.getMessage());
        else if (cause instanceof QuarkusBindException taken)
            LOG.errorf(
                    "%s cannot start: port %d is in use: stop the process that uses it, or set quarkus.http.port",
                    service, taken.getPort());
        else tellUnexpected(failure, cause);
    }

    /** A setting that Quarkus refuses without its name, or a defect. */
    private void tellUnexpected(Throwable failure, Throwable cause) {
        List<String> faults = Settings.faults(settings);
        if (faults.isEmpty()) LOG.errorf(failure, "%s cannot start: %s", service, cause);
        else LOG.errorf("%s cannot start: %s", service, String.join("; ", faults));
    }

    /** Ours if a setting of ours is wrong, else what Quarkus says about its own settings. */
    private String sentence(ConfigValidationException invalid) {
        List<String> faults = Settings.faults(settings);
        return faults.isEmpty()
                ? IntStream.range(0, invalid.getProblemCount())
                        .mapToObj(i -> invalid.getProblem(i).getMessage())
                        .collect(Collectors.joining("; "))
                : String.join("; ", faults);
    }
}
