// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.util.ArrayList;
import java.util.List;

/**
 * A child process could not be started. The message begins with a sentence for the user: what failed, and what to do.
 * The end of the process's log may follow.
 */
public final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;
    private final ArrayList<String> log = new ArrayList<>();

    public StartFailedException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    public StartFailedException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    StartFailedException(String sentence, List<String> log) {
        super(sentence + "\n  " + String.join("\n  ", log));
        this.sentence = sentence;
        this.log.addAll(log);
    }

    /** The sentence. */
    public String sentence() {
        return sentence;
    }

    /** The last lines of the process's log; empty if that says nothing. */
    public List<String> log() {
        return List.copyOf(log);
    }
}
