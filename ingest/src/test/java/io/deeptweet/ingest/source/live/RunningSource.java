// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.source.SourceMonitor;
import io.deeptweet.ingest.source.SourceOutput;
import io.deeptweet.ingest.source.SourceOutput.Recovery;
import io.deeptweet.ingest.source.TweetSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A live source that runs on a thread of its own, and commits every 20 ms, until it is closed. */
final class RunningSource implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;

    RunningSource(TweetSource source, String position, SinkGroup sinks, KafkaMock kafka, SourceMonitor monitor) {
        thread = new Thread(() -> {
            try (SourceOutput output =
                    new SourceOutput(sinks, kafka.transactions(), monitor, Recovery.NONE, Duration.ofMillis(20))) {
                source.run(output, position);
                output.finish();
            } catch (InterruptedException e) {
                // closed
            } catch (IOException | RuntimeException | Error e) {
                failures.add(e);
            }
        });
        thread.start();
    }

    /** Why it has ended; empty while it runs. */
    List<Throwable> failures() {
        return failures;
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    /** Interrupts the source as the service does when it stops. */
    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join(PATIENCE.toMillis());
        assertThat(thread.isAlive()).isFalse();
        assertThat(failures).isEmpty();
    }
}
