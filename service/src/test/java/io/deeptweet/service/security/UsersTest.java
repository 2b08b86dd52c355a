// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.service.settings.InvalidSettingException;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersTest {
    /** As {@code htpasswd -nbBC 10 ada swordfish} prints it. */
    private static final String HASH = BcryptUtil.bcryptHash("swordfish").replace("$2a$", "$2y$");

    @TempDir
    Path folder;

    @Test
    void usersHaveHashesAndRoles() throws IOException {
        Users users = read("# comment\n\nada:" + HASH + ":labeler, viewer\nscraper.example::publisher\n");
        assertThat(users.roles("ada")).containsExactlyInAnyOrder("labeler", "viewer");
        assertThat(users.roles("scraper.example")).containsExactly("publisher");
        assertThat(users.roles("eve")).isEmpty();
        PasswordCheck check = new PasswordCheck();
        Optional<String> hash = users.byName().get("ada").hash();
        for (int i = 0; i < 2; i++) { // the second time from memory
            assertThat(check.matches("swordfish", hash)).isTrue();
            assertThat(check.matches("Swordfish", hash)).isFalse();
            assertThat(check.matches("", hash)).isFalse();
        }
        assertThat(check.matches("", users.byName().get("scraper.example").hash()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ada | NAME:HASH:ROLE,ROLE",
                ":%s:viewer | NAME:HASH:ROLE,ROLE",
                "ada:swordfish:viewer | a bcrypt hash",
                "ada:{SHA}5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8:viewer | a bcrypt hash",
                "ada:%s:admin | roles of labeler, operator, publisher, viewer",
                "ada:%s: | roles of labeler, operator, publisher, viewer",
                "eve::viewer | each name once",
                "# none | one user or more"
            })
    void aWrongLineIsNamed(String line, String advice) {
        assertThatThrownBy(() -> read("eve::viewer\n".repeat(line.startsWith("#") ? 0 : 1) + line.formatted(HASH)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("deeptweet.security.users-file is ")
                .hasMessageContaining(advice)
                .hasMessageNotContaining("swordfish");
    }

    @Test
    void aHashThatIsTooFastOrTooSlowIsRefused() {
        for (String cost : new String[] {"05", "15"})
            assertThatThrownBy(() -> read("ada:" + HASH.replace("$10$", "$" + cost + "$") + ":viewer"))
                    .hasMessageContaining("cost 10 to 14");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        assertThatThrownBy(() -> Users.read(folder.resolve("none"))).hasMessageContaining("none: use a text file");
    }

    @Test
    void aChangedFileIsReadAgainAndABrokenOneChangesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("users"), "ada::viewer\n");
        UsersFile users = new UsersFile(Duration.ZERO);
        users.load(file);
        assertThat(users.users().roles("ada")).containsExactly("viewer");
        change(file, "ada::operator\neve::viewer\n", 1);
        assertThat(users.users().roles("ada")).containsExactly("operator");
        change(file, "ada:swordfish:viewer\n", 2);
        assertThat(users.users().roles("eve")).containsExactly("viewer");
        change(file, "ada::viewer\n", 3);
        assertThat(users.users().roles("eve")).isEmpty();
    }

    @Test
    void aFileIsNotLookedAtForEachRequest() throws IOException {
        Path file = Files.writeString(folder.resolve("users"), "ada::viewer\n");
        UsersFile users = new UsersFile(Duration.ofHours(1));
        users.load(file);
        change(file, "ada::operator\n", 1);
        assertThat(users.users().roles("ada")).containsExactly("viewer");
    }

    private static void change(Path file, String content, int time) throws IOException {
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(time));
    }

    private Users read(String content) throws IOException {
        return Users.read(Files.writeString(folder.resolve("users"), content));
    }
}
