// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.service.file.InputFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * A data set that others published: which files hold it, and what its licence permits.
 *
 * @param name of its files without endings such as {@code .tsv.gz}, in any case: {@code sts-gold}; with folders where
 *     the name alone says little: {@code tweeteval/train}. One {@code *} in a folder or name stands for any characters.
 * @param licence as the source states it, or that it states none
 * @param reference a URL or a citation
 */
public record DataSource(String name, String title, String licence, String reference, Use use) {
    private static final int LONGEST = 300;
    private static final Set<String> ENDINGS = Set.of(".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson");

    /** What a licence permits, from the most to the least. */
    public enum Use {
        /** Commercial use and changed copies, perhaps on conditions such as naming the authors. */
        ALLOWED,
        /** No licence is stated, or nobody has looked at the source. */
        UNCLEAR,
        /** No commercial use, or no changed copies. */
        FORBIDDEN;

        /** Whether this permits as much as the other, or more. */
        public boolean isAtLeast(Use least) {
            return compareTo(least) <= 0;
        }

        /** As files have it: in lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @throws IllegalArgumentException if a text is empty, long, or of several lines, or the name fits no or any file
     */
    public DataSource {
        name = line("name", name);
        title = line("title", title);
        licence = line("licence", licence);
        reference = line("reference", reference);
        checkName(name);
    }

    private static String line(String field, String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) throw new IllegalArgumentException(field + " is empty");
        if (stripped.length() > LONGEST)
            throw new IllegalArgumentException(
                    field + " has " + stripped.length() + " characters: use " + LONGEST + " at most");
        if (stripped.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException(field + " has a line break or another control character: use one line");
        return stripped;
    }

    private static void checkName(String name) {
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals(".."))
                throw new IllegalArgumentException(
                        "name is " + name + ": use a file's name, or folders and a name such as tweeteval/train");
            if (part.indexOf('*') != part.lastIndexOf('*'))
                throw new IllegalArgumentException(
                        "name is " + name + ": use one * at most in each folder and in the file's name");
        }
        if (name.matches("[*/]+"))
            throw new IllegalArgumentException("name is " + name + ", which is any file: name one data set");
        String last = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String stem = withoutEndings(Path.of(last));
        if (!stem.equals(last))
            throw new IllegalArgumentException(
                    "name is " + name + ": leave out the ending " + last.substring(stem.length()));
    }

    /** Whether the file's name, with as many of its folders as the source names, is this source's. */
    public boolean isOf(Path file) {
        Path path = file.toAbsolutePath().normalize();
        String[] parts = name.toLowerCase(Locale.ROOT).split("/");
        int skipped = path.getNameCount() - parts.length;
        if (skipped < 0) return false;
        for (int i = 0; i < parts.length - 1; i++) {
            String folder = path.getName(skipped + i).toString().toLowerCase(Locale.ROOT);
            if (!matches(parts[i], folder)) return false;
        }
        return matches(parts[parts.length - 1], withoutEndings(path));
    }

    private static boolean matches(String pattern, String name) {
        int star = pattern.indexOf('*');
        if (star < 0) return pattern.equals(name);
        return name.length() >= pattern.length() - 1
                && name.startsWith(pattern.substring(0, star))
                && name.endsWith(pattern.substring(star + 1));
    }

    /** In lower case, without the endings of a compression and a format. */
    private static String withoutEndings(Path file) {
        String plain = InputFile.plainName(file);
        int dot = plain.lastIndexOf('.');
        return dot > 0 && ENDINGS.contains(plain.substring(dot)) ? plain.substring(0, dot) : plain;
    }
}
