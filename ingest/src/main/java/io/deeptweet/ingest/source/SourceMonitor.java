// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import java.time.Duration;

/** Is notified of the state of a live source. */
public interface SourceMonitor {
    /** For a source whose state nobody watches. */
    SourceMonitor NONE = new SourceMonitor() {
        @Override
        public void interrupted(Interruption interruption) {}

        @Override
        public void running() {}

        @Override
        public void event(String kind) {}

        @Override
        public void behind(Duration lag) {}
    };

    /** The source receives nothing. */
    void interrupted(Interruption interruption);

    /** The source receives. */
    void running();

    /**
     * Something came.
     *
     * @param kind one of few, in lower case, such as {@code post} or {@code repeated}: a value of a metric's label
     */
    void event(String kind);

    /** How long ago the server received what came last. */
    void behind(Duration lag);
}
