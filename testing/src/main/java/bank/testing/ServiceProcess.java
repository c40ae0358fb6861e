package bank.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A program in a process of its own, for tests that stop or kill it.
///
/// ```java
/// try (var service = ServiceProcess.ofMain(Main.class, "--port", "0").heap("256m").start()) {
///     service.awaitLine(line -> line.startsWith("ready "), Duration.ofSeconds(60));
///     service.kill();
/// }
/// ```
///
/// Standard output and error are read together, line by line, and kept.
public final class ServiceProcess implements AutoCloseable {
    private static final Duration KILL_MAX = Duration.ofSeconds(20);
    private static final Duration OUTPUT_MAX = Duration.ofSeconds(2);

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private ServiceProcess(Process process) {
        this.process = process;
        reader = Thread.ofVirtual().name("output of " + process.pid()).start(this::readOutput);
    }

    /// Prepares a JVM of this JDK that runs `main` on the test's class path.
    ///
    /// @param main a class with a main method
    /// @param arguments its arguments
    /// @return what can still be said before it starts
    public static Launch ofMain(Class<?> main, String... arguments) {
        return new Launch(main.getName(), List.of(arguments));
    }

    /// Prepares any program.
    ///
    /// @param command the program and its arguments
    /// @return what can still be said before it starts
    public static Launch ofCommand(String... command) {
        return new Launch("", List.of(command));
    }

    private void readOutput() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                note(line);
            }
        } catch (IOException e) {
            note("(output lost: " + e + ")");
        }
        synchronized (lines) {
            ended = true;
            lines.notifyAll();
        }
    }

    private void note(String line) {
        synchronized (lines) {
            lines.add(line);
            lines.notifyAll();
        }
    }

    /// Waits for a line of output.
    ///
    /// @param wanted tells the line from the others
    /// @param timeout longest wait
    /// @return the first such line, also one printed before the call
    /// @throws AssertionError with all output, when the program ends or `timeout` passes without it
    public String awaitLine(Predicate<String> wanted, Duration timeout) {
        var deadline = System.nanoTime() + timeout.toNanos();
        synchronized (lines) {
            for (var next = 0; ; ) {
                for (; next < lines.size(); next++) {
                    if (wanted.test(lines.get(next))) {
                        return lines.get(next);
                    }
                }
                var millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || millis <= 0) {
                    throw new AssertionError((ended ? "the program ended" : "waited " + timeout.toSeconds() + " s")
                            + " without the expected line; its output:\n" + String.join("\n", lines));
                }
                waitForOutput(millis);
            }
        }
    }

    private void waitForOutput(long millis) {
        try {
            lines.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for output", e);
        }
    }

    /// Everything printed so far, line by line.
    public List<String> output() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /// The process id.
    public long pid() {
        return process.pid();
    }

    /// True while the process runs.
    public boolean isAlive() {
        return process.isAlive();
    }

    /// The most memory the process ever had in RAM, from Linux's /proc, in bytes.
    public long peakMemoryBytes() {
        try (var status = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return status.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no VmHWM for process " + pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Kills the process as `kill -9` does, and waits until it is gone.
    public void kill() {
        process.destroyForcibly();
        awaitExit(KILL_MAX);
    }

    /// Asks the process to stop (SIGTERM) and waits for it.
    ///
    /// @param timeout longest wait
    /// @return its exit code
    /// @throws AssertionError with all output, when it still runs after `timeout`
    public int stop(Duration timeout) {
        // Process.destroy would close its output too, and with it what the process says while it stops.
        process.toHandle().destroy();
        return awaitExit(timeout);
    }

    /// Waits for the process to end by itself.
    ///
    /// @param timeout longest wait
    /// @return its exit code
    /// @throws AssertionError with all output, when it still runs after `timeout`
    public int awaitExit(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("process " + pid() + " still runs after " + timeout.toSeconds()
                        + " s; its output:\n" + String.join("\n", output()));
            }
            // A program it started and left running may hold the output open.
            reader.join(OUTPUT_MAX);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for process " + pid(), e);
        }
    }

    /// Kills the process if it still runs.
    @Override
    public void close() {
        if (isAlive()) {
            kill();
        }
    }

    /// What may be said about a process before it starts.
    public static final class Launch {
        private final String mainClass;
        private final List<String> arguments;
        private final Map<String, String> environment = new TreeMap<>();
        private final List<String> jvmOptions = new ArrayList<>();
        private Path directory = Path.of("").toAbsolutePath();

        private Launch(String mainClass, List<String> arguments) {
            this.mainClass = mainClass;
            this.arguments = arguments;
            jvmOptions.addAll(List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow"));
            heap("512m");
        }

        /// Sets the largest heap; 512m if not said.
        ///
        /// @param size as after `-Xmx`, such as `256m`
        /// @return this
        public Launch heap(String size) {
            return jvmOption("-Xmx" + size);
        }

        /// Adds an option of the JVM.
        ///
        /// @param option such as `-Dname=value`
        /// @return this
        public Launch jvmOption(String option) {
            jvmOptions.add(option);
            return this;
        }

        /// Sets an environment variable. The program gets these, and of the test's own only PATH, HOME, LANG, TMPDIR
        /// and JAVA_HOME.
        ///
        /// @param name the variable's name
        /// @param value its value
        /// @return this
        public Launch environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /// Sets several environment variables.
        ///
        /// @param variables values by name
        /// @return this
        public Launch environment(Map<String, String> variables) {
            environment.putAll(variables);
            return this;
        }

        /// Sets the working directory; the test's own if not said.
        ///
        /// @param path an existing directory
        /// @return this
        public Launch directory(Path path) {
            directory = path;
            return this;
        }

        /// Starts the process.
        ///
        /// @return the running process
        public ServiceProcess start() {
            var command = new ArrayList<String>();
            if (!mainClass.isEmpty()) {
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(jvmOptions);
                command.addAll(List.of("-cp", classPath(), mainClass));
            }
            command.addAll(arguments);
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"));
            builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "JAVA_HOME"));
            builder.environment().putAll(environment);
            try {
                return new ServiceProcess(builder.start());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// Surefire may hide the real class path behind one jar and then tells it apart.
        private static String classPath() {
            return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        }
    }
}
