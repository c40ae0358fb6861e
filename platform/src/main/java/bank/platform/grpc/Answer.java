package bank.platform.grpc;

import io.grpc.stub.StreamObserver;

/// Answers a unary call.
public final class Answer {
    private Answer() {}

    /// Sends the one answer of a call and ends it.
    public static <T> void one(StreamObserver<T> observer, T value) {
        observer.onNext(value);
        observer.onCompleted();
    }
}
