// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.retry.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/** Waits between the attempts of a live source to connect, and tells its monitor why. */
final class Retries {
    private static final Logger LOG = Logger.getLogger(Retries.class);

    /** How long to wait after failures. */
    interface Pauses {
        /** An attempt has failed. */
        Backoff.Advice failed(LiveException failure);

        /** An attempt has succeeded. */
        void succeeded();

        /** The same waits after all kinds of failures. */
        static Pauses of(Backoff backoff) {
            return new Pauses() {
                @Override
                public Backoff.Advice failed(LiveException failure) {
                    return backoff.failed(failure.getMessage());
                }

                @Override
                public void succeeded() {
                    backoff.succeeded();
                }
            };
        }
    }

    private final String source;
    private final SourceMonitor monitor;
    private final Pauses pauses;
    private final Clock clock;

    Retries(String source, SourceMonitor monitor, Backoff backoff, Clock clock) {
        this(source, monitor, Pauses.of(backoff), clock);
    }

    Retries(String source, SourceMonitor monitor, Pauses pauses, Clock clock) {
        this.source = source;
        this.monitor = monitor;
        this.pauses = pauses;
        this.clock = clock;
    }

    /** The source receives. */
    void succeeded() {
        pauses.succeeded();
        monitor.running();
    }

    /** Waits after a failure: as long as the back-off says, or the server if that is longer. */
    void failed(LiveException failure) throws InterruptedException {
        Backoff.Advice advice = pauses.failed(failure);
        Instant now = clock.instant();
        Duration asked = failure.notBefore()
                .map(time -> Duration.between(now, time))
                .filter(wait -> wait.compareTo(advice.pause()) > 0)
                .orElse(advice.pause());
        Duration pause = asked.compareTo(HttpRefusals.LONGEST_WAIT) > 0 ? HttpRefusals.LONGEST_WAIT : asked;
        Instant nextTry = now.plus(pause).truncatedTo(ChronoUnit.SECONDS);
        monitor.interrupted(new Interruption(failure.kind(), failure.getMessage(), nextTry));
        if (advice.isNew()) LOG.warnf("source %s: %s", source, UntrustedText.oneLine(failure.getMessage()));
        Thread.sleep(pause.toMillis());
    }
}
