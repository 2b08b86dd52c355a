// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The ACLs that {@code docs/operations.md} lists, and those that the broker's log says were used. */
final class AccessRights {
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| (`[^|]+) \\| ([\\w, ]+) \\|");
    private static final Pattern ALLOWED = Pattern.compile(
            "Principal = User:(\\w+) is Allowed .*StandardAcl\\(resourceType=(\\w+), resourceName=([^,]+),"
                    + " patternType=(\\w+), .* operation=(\\w+), permissionType=ALLOW\\)");

    private AccessRights() {}

    /** The ACLs of the table; a name that ends in an asterisk is a prefix. */
    static List<AclBinding> documented(Path page) throws IOException {
        List<AclBinding> acls = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) continue;
            ResourceType type = ResourceType.fromString(row.group(2).replaceAll("([a-z])([A-Z])", "$1_$2"));
            AclOperationList operations = new AclOperationList(row.group(4));
            for (String quoted : row.group(3).split(", ", -1)) {
                String name = quoted.replace("`", "");
                PatternType pattern = name.endsWith("*") ? PatternType.PREFIXED : PatternType.LITERAL;
                ResourcePattern resource = new ResourcePattern(type, name.replace("*", ""), pattern);
                for (AclOperation operation : operations.all())
                    acls.add(new AclBinding(
                            resource,
                            new AccessControlEntry("User:" + row.group(1), "*", operation, AclPermissionType.ALLOW)));
            }
        }
        return acls;
    }

    private record AclOperationList(String text) {
        List<AclOperation> all() {
            return Pattern.compile(", ")
                    .splitAsStream(text)
                    .map(name -> AclOperation.fromString(name.replaceAll("([a-z])([A-Z])", "$1_$2")))
                    .toList();
        }
    }

    /** One line per ACL. */
    static Set<String> lines(List<AclBinding> acls) {
        return acls.stream()
                .map(acl -> line(
                        acl.entry().principal().replace("User:", ""),
                        acl.pattern().resourceType().name(),
                        acl.pattern().name(),
                        acl.pattern().patternType().name(),
                        acl.entry().operation().name()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Requests to describe something: for them the broker looks up every operation, to tell the client which it may
     * use, except where the client needs to describe it.
     */
    private static boolean isLookUp(String line) {
        return line.contains("for request = Describe") && !line.contains(" operation = DESCRIBE");
    }

    /** The ACLs that allowed something. */
    static Set<String> used(Path brokerLog) throws IOException {
        Set<String> used = new TreeSet<>();
        for (String line : Files.readAllLines(brokerLog)) {
            if (isLookUp(line)) continue;
            Matcher allowed = ALLOWED.matcher(line);
            if (allowed.find())
                used.add(
                        line(allowed.group(1), allowed.group(2), allowed.group(3), allowed.group(4), allowed.group(5)));
        }
        return used;
    }

    private static String line(String principal, String type, String name, String pattern, String operation) {
        return principal + ": " + operation + " " + type + ":" + pattern + ":" + name;
    }
}
