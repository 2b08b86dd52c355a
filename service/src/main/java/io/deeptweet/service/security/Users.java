// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The users of a service, as a file has them: a line {@code name:hash:role,role} for each; {@code #} starts a comment.
 * The hash is what {@code htpasswd -nBC 10 NAME} prints. A user without one, {@code name::role}, has a client
 * certificate whose common name this is.
 *
 * @param byName users by name
 */
record Users(Map<String, User> byName) {
    static final Users NONE = new Users(Map.of());

    private static final String KEY = SecuritySettings.PREFIX + ".users-file";

    /** Algorithm, cost, salt and hash. */
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    /** Fewer rounds are too easy to guess; more let a request with a wrong password take seconds. */
    private static final int LOWEST_COST = 10;

    private static final int HIGHEST_COST = 14;

    /**
     * A user.
     *
     * @param hash in bcrypt's format; empty if a password does not authenticate this user
     */
    record User(Optional<String> hash, Set<String> roles) {}

    Users {
        byName = Map.copyOf(byName);
    }

    /** The roles of a user; none if there is no such user. */
    Set<String> roles(String name) {
        return Optional.ofNullable(byName.get(name)).map(User::roles).orElse(Set.of());
    }

    /** @throws InvalidSettingException if the file cannot be read, or a line is wrong */
    static Users read(Path file) {
        try {
            return parse(file, Files.readAllLines(file));
        } catch (IOException e) { // also if it is not UTF-8
            throw new InvalidSettingException(KEY, file, "a text file that exists and can be read");
        }
    }

    private static Users parse(Path file, List<String> lines) {
        Map<String, User> users = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) continue;
            String place = "line " + (i + 1) + " of " + file;
            String[] fields = line.split(":", -1);
            if (fields.length != 3 || fields[0].isBlank())
                throw new InvalidSettingException(KEY, place, "NAME:HASH:ROLE,ROLE");
            if (users.put(fields[0], new User(hash(place, fields[1]), roles(place, fields[2]))) != null)
                throw new InvalidSettingException(KEY, place, "each name once");
        }
        if (users.isEmpty()) throw new InvalidSettingException(KEY, file, "a file with one user or more");
        return new Users(users);
    }

    private static Optional<String> hash(String place, String written) {
        if (written.isEmpty()) return Optional.empty();
        Matcher bcrypt = BCRYPT.matcher(written);
        if (!bcrypt.matches())
            throw new InvalidSettingException(KEY, place, "a bcrypt hash, as htpasswd -nBC 10 NAME prints it");
        int cost = Integer.parseInt(bcrypt.group(1));
        if (cost < LOWEST_COST || cost > HIGHEST_COST)
            throw new InvalidSettingException(
                    KEY,
                    place + " (cost " + cost + ")",
                    "a bcrypt hash of cost " + LOWEST_COST + " to " + HIGHEST_COST);
        // Three names of one algorithm: 2b and 2y tell that a fault of old implementations is not there.
        return Optional.of("$2a" + written.substring(3));
    }

    private static Set<String> roles(String place, String written) {
        Set<String> roles = new TreeSet<>();
        for (String role : written.split(",", -1)) {
            if (!Roles.ALL.contains(role.strip()))
                throw new InvalidSettingException(
                        KEY,
                        place + " (role " + UntrustedText.quoted(role) + ")",
                        "roles of " + String.join(", ", new TreeSet<>(Roles.ALL)));
            roles.add(role.strip());
        }
        return Set.copyOf(roles);
    }
}
