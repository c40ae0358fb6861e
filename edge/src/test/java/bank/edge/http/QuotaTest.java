package bank.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private final AtomicLong now = new AtomicLong();
    private final TimeMeter clock = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return now.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };

    @Test
    void comesBackEvenly() {
        var quota = new Quota("caller", 60, 10, clock);
        for (int i = 0; i < 60; i++) {
            assertThat(quota.probe("a").isConsumed()).isTrue();
        }
        assertThat(quota.probe("a").isConsumed()).isFalse();

        now.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
        assertThat(quota.probe("a").isConsumed()).isFalse();
        now.addAndGet(1);
        assertThat(quota.probe("a").isConsumed()).isTrue();
        assertThat(quota.probe("a").isConsumed()).isFalse();
        assertThat(quota.probe("b").isConsumed()).isTrue();
    }

    @Test
    void remembersNoMoreThanItMay() {
        var quota = new Quota("address", 10, 1_000, clock);
        for (int i = 0; i < 1_000_000; i++) {
            quota.probe(i);
        }

        assertThat(quota.remembered()).isBetween(1L, 1_000L);
    }

    @Test
    void countsANetworkOfIpv6AsOne() throws Exception {
        assertThat(AddressLimit.key(InetAddress.getByName("2001:db8:1:2::1")))
                .isEqualTo(AddressLimit.key(InetAddress.getByName("2001:db8:1:2:ffff::9")))
                .isNotEqualTo(AddressLimit.key(InetAddress.getByName("2001:db8:1:3::1")));
        assertThat(AddressLimit.key(InetAddress.getByName("192.0.2.1")))
                .isNotEqualTo(AddressLimit.key(InetAddress.getByName("192.0.2.2")));
    }
}
