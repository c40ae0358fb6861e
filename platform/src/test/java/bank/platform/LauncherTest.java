package bank.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class LauncherTest {
    @Test
    void tellsEachCauseOnceAndInOneLine() {
        var cause = new IOException("Address already in use");
        assertThat(Launcher.causes(new IllegalStateException("cannot listen on 127.0.0.1:1", cause)))
                .isEqualTo("cannot listen on 127.0.0.1:1: Address already in use");
        assertThat(Launcher.causes(new CompletionException(cause)))
                .isEqualTo("java.io.IOException: Address already in use");
        assertThat(Launcher.causes(new IllegalStateException("first\nsecond"))).isEqualTo("first");
        assertThat(Launcher.causes(new IllegalStateException())).isEqualTo("IllegalStateException");
    }
}
