// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * A program's class data archive (CDS): its classes as the JVM keeps them in memory, parsed and verified. With it, a
 * program of 10,000 classes starts with half the CPU time or less.
 *
 * <p>The first run of a program writes a list of the classes that it loads, and {@link #create} makes the archive from
 * that list. An archive's name holds a digest of the JVM and of the program's jars, so that one of other jars is never
 * taken. Without an archive, or where none can be written, the program starts all the same.
 *
 * @see <a href="https://openjdk.org/jeps/310">JEP 310, Application Class-Data Sharing</a>
 */
public final class ClassDataArchive implements AutoCloseable {
    private static final String ARCHIVE = ".jsa";

    private final Path folder;
    private final String name;
    private final List<String> program;
    private final Path archive;
    private Optional<Path> classList = Optional.empty();

    private ClassDataArchive(Path folder, String name, List<String> program, Path archive) {
        this.folder = folder;
        this.name = name;
        this.program = program;
        this.archive = archive;
    }

    /** The folder for archives within the one that this module's build laid out. */
    public static Path in(Path home) {
        return home.resolve("class-data");
    }

    /**
     * The archive of a program that is started; empty if the program cannot have one, because it is not packed into
     * jars, or because the folder cannot be created.
     *
     * @param folder where archives are kept
     * @param name the program's name, such as {@code broker}: letters, digits and hyphens
     * @param program {@code -jar} and the jar, or {@code -cp}, the class path and the main class
     */
    public static Optional<ClassDataArchive> of(Path folder, String name, List<String> program) {
        try {
            Files.createDirectories(folder);
            return digest(program)
                    .map(digest ->
                            new ClassDataArchive(folder, name, program, folder.resolve(name + "-" + digest + ARCHIVE)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The options of the program's JVM that use the archive; none if it is not made yet. */
    public List<String> optionsIfMade() {
        return Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
    }

    /** The options of the program's JVM that use the archive, or that list the classes to make it from. */
    public List<String> options() {
        if (Files.exists(archive)) return optionsIfMade();
        try {
            Path list = Files.createTempFile(folder, name + "-", ".classes");
            classList = Optional.of(list);
            return List.of("-XX:DumpLoadedClassList=" + list);
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Makes the archive if there is none, from the classes that the program has loaded so far. Takes some seconds, with
     * low priority. Deletes archives of the program's earlier jars.
     */
    public void create() throws InterruptedException {
        if (classList.isEmpty() || Files.exists(archive)) return;
        try {
            Path complete = Files.createTempFile(folder, name + "-", ".complete");
            Path made = Files.createTempFile(folder, name + "-", ".new");
            try {
                Files.writeString(complete, completeLines(classList.get()), StandardCharsets.ISO_8859_1);
                List<String> arguments = new ArrayList<>(List.of(
                        "-Xshare:dump",
                        "-XX:+UseG1GC", // the only collector whose heap can be archived; any other can use it
                        "-XX:SharedClassListFile=" + complete,
                        "-XX:SharedArchiveFile=" + made));
                arguments.addAll(program);
                try (ChildProcess dump = ChildProcess.javaInBackground(name + "'s class data", arguments, folder)) {
                    if (dump.waitFor() == 0) keep(made);
                }
            } finally {
                Files.deleteIfExists(complete);
                Files.deleteIfExists(made);
            }
        } catch (IOException | StartFailedException e) {
            // Then the next start is as slow as this one was.
        }
    }

    /** Deletes the list of classes. */
    @Override
    public void close() {
        classList.ifPresent(list -> {
            try {
                Files.deleteIfExists(list);
            } catch (IOException e) {
                // It is small, and in a folder that the next build deletes.
            }
        });
    }

    /** A JVM crashes at an incomplete archive, so that it must be complete before it gets its name. */
    private void keep(Path made) throws IOException {
        try (FileChannel file = FileChannel.open(made, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String other = file.getFileName().toString();
                if (other.matches(name + "-[0-9a-f]{16}\\" + ARCHIVE)) Files.deleteIfExists(file);
            }
        }
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The JVM writes the list through a buffer: the last line may be half there. */
    private static String completeLines(Path list) throws IOException {
        String lines = Files.readString(list, StandardCharsets.ISO_8859_1);
        return lines.substring(0, lines.lastIndexOf('\n') + 1);
    }

    /** Of the JVM and the jars; empty if a part of the class path is a folder, for which the JVM makes no archive. */
    private static Optional<String> digest(List<String> program) throws IOException {
        StringBuilder text = new StringBuilder(System.getProperty("java.home"))
                .append(System.getProperty("java.vm.version"))
                .append(program);
        for (Path jar : jars(program)) {
            if (!Files.exists(jar)) continue;
            BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
            if (attributes.isDirectory()) return Optional.empty();
            text.append(jar).append(attributes.size()).append(attributes.lastModifiedTime());
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return Optional.of(HexFormat.of().formatHex(digest, 0, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static List<Path> jars(List<String> program) throws IOException {
        if (!program.get(0).equals("-jar"))
            return Stream.of(program.get(1).split(File.pathSeparator))
                    .map(Path::of)
                    .toList();
        Path jar = Path.of(program.get(1)).toAbsolutePath();
        List<Path> jars = new ArrayList<>(List.of(jar));
        try (JarFile file = new JarFile(jar.toFile())) {
            Optional.ofNullable(file.getManifest())
                    .map(Manifest::getMainAttributes)
                    .map(attributes -> attributes.getValue(Attributes.Name.CLASS_PATH))
                    .ifPresent(path -> Stream.of(path.strip().split(" +"))
                            .map(jar::resolveSibling)
                            .forEach(jars::add));
        }
        return jars;
    }
}
