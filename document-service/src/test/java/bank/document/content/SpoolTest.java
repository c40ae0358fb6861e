package bank.document.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.PromisedDigests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
    private static final int MEMORY = Reception.MEMORY_BYTES_MAX;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000, MEMORY - 1, MEMORY, MEMORY + 1, 3 * MEMORY})
    void givesBackWhatItWasGiven(int size) throws IOException {
        var bytes = random(size);
        try (var spool = Spool.open(directory);
                var reception = spool.receive(size, PromisedDigests.none())) {
            for (var at = 0; at < size; at += 10_000) {
                reception.write(ByteBuffer.wrap(bytes, at, Math.min(10_000, size - at)));
            }
            assertThat(files().size()).isEqualTo(size > MEMORY ? 1 : 0);
            try (var content = reception.finish();
                    var in = content.open()) {
                assertThat(in.readAllBytes()).isEqualTo(bytes);
                assertThat(content.sizeBytes()).isEqualTo(size);
                assertThat(content.sha256()).isEqualTo(sha("SHA-256", bytes));
                assertThat(content.read(size - 1, 10)).containsExactly(bytes[size - 1]);
                assertThat(content.read(size, 10)).isEmpty();
                assertThat(content.<byte[]>asFile(Files::readAllBytes)).isEqualTo(bytes);
            }
            assertThat(files()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, MEMORY, 2 * MEMORY})
    void stopsAtTheFirstByteAboveTheLimit(int limit) throws IOException {
        try (var spool = Spool.open(directory)) {
            try (var reception = spool.receive(limit, PromisedDigests.none())) {
                reception.write(ByteBuffer.allocate(limit));
                assertThatExceptionOfType(DocumentException.class)
                        .isThrownBy(() -> reception.write(ByteBuffer.allocate(1)))
                        .satisfies(e -> assertThat(e.failure()).isEqualTo(new DocumentFailure.ContentTooLarge(limit)));
            }
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void refusesAnEmptyFile() {
        try (var spool = Spool.open(directory);
                var reception = spool.receive(10, PromisedDigests.none())) {
            assertThatExceptionOfType(DocumentException.class)
                    .isThrownBy(reception::finish)
                    .satisfies(e -> assertThat(e.failure()).isEqualTo(new DocumentFailure.EmptyFile()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256", "sha-512"})
    void holdsThePromisedDigest(String algorithm) {
        var bytes = random(1000);
        var promise = algorithm + "=:"
                + Base64.getEncoder().encodeToString(sha(algorithm.replace("sha-", "SHA-"), bytes)) + ":";
        try (var spool = Spool.open(directory)) {
            try (var reception = spool.receive(1000, PromisedDigests.parse(promise))) {
                reception.write(ByteBuffer.wrap(bytes));
                reception.finish().close();
            }
            bytes[500]++;
            try (var reception = spool.receive(1000, PromisedDigests.parse(promise))) {
                reception.write(ByteBuffer.wrap(bytes));
                assertThatExceptionOfType(DocumentException.class)
                        .isThrownBy(reception::finish)
                        .satisfies(
                                e -> assertThat(e.failure()).isEqualTo(new DocumentFailure.DigestMismatch(algorithm)));
            }
        }
    }

    @Test
    void keepsContentFromOtherUsersOfTheMachine() throws IOException {
        try (var spool = Spool.open(directory);
                var reception = spool.receive(Long.MAX_VALUE, PromisedDigests.none())) {
            reception.write(ByteBuffer.allocate(2 * MEMORY));
            assertThat(Files.getPosixFilePermissions(files().getFirst().getParent()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void clearsWhatAKilledInstanceLeftAndNothingElse() throws IOException {
        var killed = directory.resolve("6f9b2c1e-0000-4000-8000-000000000000");
        Files.createDirectory(killed);
        Files.writeString(killed.resolve("content"), "left");
        Files.createFile(directory.resolve(killed.getFileName() + ".lock"));
        try (var running = Spool.open(directory);
                var reception = running.receive(Long.MAX_VALUE, PromisedDigests.none())) {
            reception.write(ByteBuffer.allocate(2 * MEMORY));
            assertThat(killed).doesNotExist();
            Spool.open(directory).close();
            try (var content = reception.finish()) {
                assertThat(content.<Long>asFile(Files::size)).isEqualTo(2 * MEMORY);
            }
        }
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(directory.resolve("start.lock"));
        }
    }

    private List<Path> files() throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> !path.toString().endsWith(".lock"))
                    .toList();
        }
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Arrays.copyOf(bytes, size);
    }

    private static byte[] sha(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
