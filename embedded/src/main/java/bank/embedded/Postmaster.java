package bank.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The main process of a PostgreSQL on one data directory, which may have been started by a JVM that is gone.
final class Postmaster {
    private static final Duration FAST_STOP_MAX = Duration.ofSeconds(30);
    private static final Duration IMMEDIATE_STOP_MAX = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration EXIT_PAUSE = Duration.ofMillis(10);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /// Lines of the process id file, from 0.
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    private final Path data;
    private final PostgresTool tool;

    Postmaster(Path data, PostgresTool tool) {
        this.data = data;
        this.tool = tool;
    }

    /// Starts the server and waits until it accepts connections.
    ///
    /// @throws EmbeddedServerException when it does not come up within `timeout`
    void start(int port, List<String> options, Path log, Duration timeout) throws IOException {
        var settings = String.join(" -c ", options);
        tool.runOrThrow(
                timeout.plus(GRACE),
                "pg_ctl",
                List.of(
                        "start",
                        "-w",
                        "-s",
                        "-t",
                        Long.toString(timeout.toSeconds()),
                        "-D",
                        data.toString(),
                        "-l",
                        log.toString(),
                        "-o",
                        "-p " + port + " -c " + settings));
    }

    /// Stops the server and waits until its process is gone: open transactions are rolled back and the data is flushed.
    /// A server that does not stop so within 30 s is stopped at once and recovers at its next start.
    void stop() throws IOException {
        var running = process();
        if (running.isEmpty()) {
            return;
        }
        if (!stop("fast", FAST_STOP_MAX)
                && !stop("immediate", IMMEDIATE_STOP_MAX)
                && process().isPresent()) {
            throw new EmbeddedServerException("PostgreSQL on " + data + " does not stop");
        }
        awaitExit(running.get());
    }

    /// Waits until the process is gone. One that is over but still listed, because whoever inherited it
    /// from the JVM has not looked yet, is gone too.
    private void awaitExit(ProcessHandle process) {
        var begun = System.nanoTime();
        while (servesThisDirectory(process)) {
            if (System.nanoTime() - begun > GRACE.toNanos()) {
                throw new EmbeddedServerException("PostgreSQL on " + data + " has stopped, but its process stays");
            }
            try {
                Thread.sleep(EXIT_PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EmbeddedServerException("interrupted while PostgreSQL on " + data + " was stopping", e);
            }
        }
    }

    private boolean stop(String mode, Duration timeout) throws IOException {
        return tool.run(
                        timeout.plus(GRACE),
                        "pg_ctl",
                        List.of(
                                "stop",
                                "-w",
                                "-s",
                                "-m",
                                mode,
                                "-t",
                                Long.toString(timeout.toSeconds()),
                                "-D",
                                data.toString()))
                == 0;
    }

    /// Stops the server that an earlier, killed JVM left running here, so that nobody attaches to it unknowingly, and
    /// removes a process id file whose number meanwhile belongs to some other program.
    ///
    /// The file of a dead server stays: PostgreSQL reads in it which shared memory to look for before it starts.
    ///
    /// @return true if there was one
    boolean stopOrphan() throws IOException {
        if (process().isPresent()) {
            stop();
            return true;
        }
        if (pid().flatMap(ProcessHandle::of)
                .filter(process -> !isPostgres(process))
                .isPresent()) {
            Files.deleteIfExists(pidFile());
        }
        return false;
    }

    /// The running process, if the process id file names one and it really is PostgreSQL on this directory.
    Optional<ProcessHandle> process() throws IOException {
        return pid().flatMap(ProcessHandle::of).filter(this::servesThisDirectory);
    }

    /// The port of the running process; empty when none runs, or it is still starting.
    Optional<Integer> port() throws IOException {
        if (process().isEmpty()) {
            return Optional.empty();
        }
        try (var lines = Files.lines(pidFile())) {
            var told = lines.map(String::strip).toList();
            return told.size() > STATUS_LINE && told.get(STATUS_LINE).equals("ready")
                    ? Optional.of(Integer.valueOf(told.get(PORT_LINE)))
                    : Optional.empty();
        } catch (NoSuchFileException stopped) {
            return Optional.empty();
        }
    }

    private boolean servesThisDirectory(ProcessHandle process) {
        var arguments = process.info().arguments().map(Arrays::asList).orElse(List.of());
        return isPostgres(process) && arguments.contains(data.toString());
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(Path::of)
                .map(Path::getFileName)
                .map(Path::toString)
                .filter(name -> name.equals("postgres"))
                .isPresent();
    }

    private Optional<Long> pid() throws IOException {
        try (var lines = Files.lines(pidFile())) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> NUMBER.matcher(line).matches())
                    .map(Long::valueOf);
        } catch (NoSuchFileException notRunning) {
            return Optional.empty();
        }
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }
}
