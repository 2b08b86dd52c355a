// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import java.util.Set;

/** The roles of users of the HTTP endpoints. Each resource names all roles that may use it. */
public final class Roles {
    /** Reads. */
    public static final String VIEWER = "viewer";

    /** Posts tweets. */
    public static final String PUBLISHER = "publisher";

    /** Labels tweets, and reads which ones are worth it. */
    public static final String LABELER = "labeler";

    /** Does all of this, and starts rounds. */
    public static final String OPERATOR = "operator";

    /** All of them. */
    public static final Set<String> ALL = Set.of(VIEWER, PUBLISHER, LABELER, OPERATOR);

    private Roles() {}
}
