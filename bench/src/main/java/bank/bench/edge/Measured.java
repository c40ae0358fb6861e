package bank.bench.edge;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// What a process has used so far: processor time from Linux's /proc, allocated bytes from its JVM.
final class Measured {
    private static final long MICROS_PER_TICK = 10_000;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final long pid;
    private final ThreadMXBean threads;

    // What is read over JMX comes from a process this one has started.
    @SuppressWarnings("BanJNDI")
    Measured(long pid) throws IOException {
        this.pid = pid;
        try {
            var machine = VirtualMachine.attach(Long.toString(pid));
            try {
                var connection = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))
                        .getMBeanServerConnection();
                threads = ManagementFactory.newPlatformMXBeanProxy(
                        connection, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("cannot watch process " + pid, e);
        }
    }

    long processorMicros() throws IOException {
        var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The name of the program, in parentheses, may hold anything.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * MICROS_PER_TICK;
    }

    long allocatedBytes() {
        return threads.getTotalThreadAllocatedBytes();
    }

    /// Memory in RAM now, in bytes.
    long residentBytes() throws IOException {
        try (var status = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                            .map(line -> line.replaceAll("[^0-9]", ""))
                            .mapToLong(Long::parseLong)
                            .findFirst()
                            .orElseThrow()
                    * 1024;
        }
    }
}
