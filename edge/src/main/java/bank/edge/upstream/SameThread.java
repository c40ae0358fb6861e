package bank.edge.upstream;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.EventLoopScheduler;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.ReleasableHolder;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Sends a call over the connection of the thread that makes it: the thread of the client's connection, which so wakes
/// no other. There is a connection to each address for each thread. Calls of other threads, which wait for their
/// answers anyway, go over the connections in turn.
final class SameThread implements EventLoopScheduler {
    private record Held(EventLoop get) implements ReleasableHolder<EventLoop> {
        @Override
        public void release() {
            // Threads are not counted.
        }
    }

    private final EventLoopGroup loops;
    private final Map<Thread, Held> byThread = new HashMap<>();

    SameThread(EventLoopGroup loops) {
        this.loops = loops;
        for (EventExecutor loop : loops) {
            Thread thread = loop.submit((Callable<Thread>) Thread::currentThread)
                    .syncUninterruptibly()
                    .getNow();
            byThread.put(thread, new Held((EventLoop) loop));
        }
    }

    @Override
    public ReleasableHolder<EventLoop> acquire(
            SessionProtocol protocol, EndpointGroup group, @Nullable Endpoint endpoint) {
        Held own = byThread.get(Thread.currentThread());
        return own != null ? own : new Held(loops.next());
    }
}
