package bank.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthWatchersTest {
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final Set<String> down = ConcurrentHashMap.newKeySet();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);
    private final HealthWatchers watchers = new HealthWatchers(
            service -> {
                looks.incrementAndGet();
                return ready.get() && !down.contains(service);
            },
            Duration.ofHours(1),
            3,
            2,
            Duration.ofMinutes(10),
            now::get);

    @AfterEach
    void close() {
        watchers.close();
    }

    private Watcher added(String owner) {
        return added(owner, "");
    }

    private Watcher added(String owner, String service) {
        var watcher = new Watcher();
        watchers.add(owner, service, watcher);
        return watcher;
    }

    @Test
    void areBoundedForEachOwnerAndAltogether() {
        var first = added("a");
        added("a");
        assertThat(added("a").told).containsExactly("RESOURCE_EXHAUSTED");
        assertThat(added("b").told).containsExactly("SERVING");
        assertThat(added("c").told).containsExactly("RESOURCE_EXHAUSTED");

        first.onCancel.run();
        first.onCancel.run();

        assertThat(added("c").told).containsExactly("SERVING");
        assertThat(added("c").told).containsExactly("RESOURCE_EXHAUSTED");
    }

    @Test
    void costOneLookTogether() {
        var a = added("a");
        var b = added("b");
        ready.set(false);
        int before = looks.get();

        watchers.look();

        assertThat(looks.get() - before).isEqualTo(1);
        assertThat(a.told).containsExactly("SERVING", "NOT_SERVING");
        assertThat(b.told).containsExactly("SERVING", "NOT_SERVING");
    }

    @Test
    void areToldOfTheServiceTheyWatch() {
        var whole = added("a");
        var one = added("b", "a.One");
        var other = added("b", "a.Other");
        down.add("a.One");

        watchers.look();

        assertThat(whole.told).containsExactly("SERVING");
        assertThat(one.told).containsExactly("SERVING", "NOT_SERVING");
        assertThat(other.told).containsExactly("SERVING");
    }

    @Test
    void whoDoNotReadAreToldTheLatestOnceTheyDo() {
        var slow = added("a");
        slow.reads = false;
        ready.set(false);
        watchers.look();
        assertThat(slow.told).containsExactly("SERVING");

        slow.reads = true;
        watchers.look();
        assertThat(slow.told).containsExactly("SERVING", "NOT_SERVING");
    }

    @Test
    void areLetGoAfterATimeAlsoWhenTheyDoNotRead() {
        var first = added("a");
        var second = added("a");
        second.reads = false;
        now.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        watchers.look();
        assertThat(first.told).containsExactly("SERVING");
        var later = added("b");

        now.addAndGet(1);
        watchers.look();

        assertThat(first.told).containsExactly("SERVING", "UNAVAILABLE");
        assertThat(second.told).containsExactly("SERVING", "UNAVAILABLE");
        assertThat(later.told).containsExactly("SERVING");
        assertThat(added("a").told).containsExactly("SERVING");
        assertThat(added("a").told).containsExactly("SERVING");
    }

    @Test
    void areLetGoAtTheEnd() {
        var watcher = added("a");
        var unknown = new Watcher();
        watchers.add("a", null, unknown);

        watchers.close();

        assertThat(watcher.told).containsExactly("SERVING", "NOT_SERVING", "end");
        assertThat(unknown.told).containsExactly("SERVICE_UNKNOWN", "end");
        assertThat(added("a").told).containsExactly("NOT_SERVING", "end");
    }

    private static final class Watcher extends ServerCallStreamObserver<HealthCheckResponse> {
        final List<String> told = new ArrayList<>();
        Runnable onCancel = () -> {};
        volatile boolean reads = true;

        @Override
        public void onNext(HealthCheckResponse answer) {
            told.add(answer.getStatus().name());
        }

        @Override
        public void onError(Throwable cause) {
            told.add(Status.fromThrowable(cause).getCode().name());
        }

        @Override
        public void onCompleted() {
            told.add("end");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public boolean isReady() {
            return reads;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }
}
