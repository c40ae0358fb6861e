package bank.edge.upstream;

import bank.platform.grpc.Answer;
import bank.v1.Document;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.GetDocumentRequest;
import bank.v1.SetDocumentStatusRequest;
import bank.v1.SetDocumentStatusResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// One instance of a service: counts calls, and dies or is silent when told to.
final class Instance implements AutoCloseable {
    /// GetDocument with this id never answers.
    static final long SILENT = 9;

    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger mutations = new AtomicInteger();
    volatile boolean diesOnCall;
    private final Server server;
    private final int port;

    private final class Reviews extends DocumentReviewServiceGrpc.DocumentReviewServiceImplBase {
        @Override
        public void getDocument(GetDocumentRequest request, StreamObserver<Document> observer) {
            reads.incrementAndGet();
            if (diesOnCall) {
                server.shutdownNow();
            } else if (request.getId() != SILENT) {
                Answer.one(
                        observer, Document.newBuilder().setId(request.getId()).build());
            }
        }

        @Override
        public void setDocumentStatus(
                SetDocumentStatusRequest request, StreamObserver<SetDocumentStatusResponse> observer) {
            mutations.incrementAndGet();
            if (diesOnCall) {
                server.shutdownNow();
            } else {
                Answer.one(observer, SetDocumentStatusResponse.getDefaultInstance());
            }
        }
    }

    /// @param wanted port to listen on; 0 takes a free one
    Instance(int wanted) {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", wanted))
                    .addService(new Reviews())
                    .build()
                    .start();
            this.port = server.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    /// Lets running calls end, as a service does that is told to stop.
    void stop() throws InterruptedException {
        server.shutdown();
        if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("calls do not end");
        }
    }

    /// Ends at once, connections and all.
    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
