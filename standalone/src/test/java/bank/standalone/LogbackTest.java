package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log of the one-command run.
class LogbackTest {
    @Test
    void writesFromInfoAndNotWhatDroppedDownloadsCause(@TempDir Path logs) throws JoranException {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("bank.log.directory", logs.toString());
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Main.class.getResource("/bank/standalone/logback.xml"));
        context.getLogger("bank").info("something happened");
        context.getLogger("io.grpc.netty.NettyServerHandler").warn("download dropped");
        assertThat(context.getLogger("org.gaul").getEffectiveLevel()).isEqualTo(Level.WARN);
        context.stop();

        assertThat(context.getStatusManager().getCopyOfStatusList())
                .filteredOn(status -> status.getLevel() > Status.INFO)
                .isEmpty();
        assertThat(logs.resolve("bank.log"))
                .content()
                .contains("something happened")
                .doesNotContain("download dropped");
    }
}
