package bank.platform.grpc;

import bank.platform.config.ServiceConfig;
import bank.v1.Options;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How long calls may take, whatever their callers ask for.
///
/// @param unary of one request and one answer, when its caller names no time
/// @param unaryMax the longest its caller may ask for
/// @param transfer of a stream and of what reads or writes whole files: without a word of its caller, and at most
public record CallTimes(Duration unary, Duration unaryMax, Duration transfer) {
    /// Those of a service that is not configured otherwise: 30 s, 2 min and 15 min.
    public static final CallTimes DEFAULT =
            new CallTimes(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(15));

    /// Those of the configuration.
    public static CallTimes of(ServiceConfig config) {
        return new CallTimes(config.requestTimeout(), config.requestTimeoutMax(), config.transferTimeout());
    }

    /// The end of a call that begins now; null when its caller asked for an earlier one.
    ///
    /// @param asked end that its caller asked for; null when he asked for none
    @Nullable
    Deadline end(MethodDescriptor<?, ?> method, @Nullable Deadline asked) {
        var max = transfers(method) ? transfer : asked == null ? unary : unaryMax;
        var end = Deadline.after(max.toNanos(), TimeUnit.NANOSECONDS);
        return asked != null && asked.isBefore(end) ? null : end;
    }

    private static boolean transfers(MethodDescriptor<?, ?> method) {
        return method.getType() != MethodDescriptor.MethodType.UNARY
                || (method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
                        && schema.getMethodDescriptor().getOptions().getExtension(Options.transfers));
    }
}
