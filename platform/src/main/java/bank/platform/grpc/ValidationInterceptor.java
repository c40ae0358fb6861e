package bank.platform.grpc;

import bank.platform.failure.Failure;
import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.FieldPathElement;
import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.ArrayList;
import java.util.List;

/// Checks each request message against the `buf.validate` rules of its type, and its text for characters
/// no database takes, before the rpc sees it.
final class ValidationInterceptor implements ServerInterceptor {
    private final Validator validator = ValidatorFactory.newBuilder().build();

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onMessage(Q message) {
                if (message instanceof Message proto) {
                    check(proto);
                }
                super.onMessage(message);
            }
        };
    }

    /// Compiles the rules of a type ahead of its first request.
    void warm(Message prototype) {
        violations(prototype);
    }

    private void check(Message message) {
        var violations = new ArrayList<>(violations(message));
        violations.addAll(NulCharacters.in(message));
        if (!violations.isEmpty()) {
            throw Failure.invalid("INVALID_FIELD", violations).exception();
        }
    }

    private List<Failure.Violation> violations(Message message) {
        try {
            return validator.validate(message).getViolations().stream()
                    .map(violation -> {
                        var proto = violation.toProto();
                        return new Failure.Violation(path(proto.getField().getElementsList()), proto.getMessage());
                    })
                    .toList();
        } catch (ValidationException e) {
            throw new IllegalStateException(
                    "rules of " + message.getDescriptorForType().getFullName(), e);
        }
    }

    private static String path(List<FieldPathElement> elements) {
        var path = new StringBuilder();
        for (var element : elements) {
            if (!path.isEmpty()) {
                path.append('.');
            }
            path.append(element.getFieldName());
            switch (element.getSubscriptCase()) {
                case INDEX -> path.append('[').append(element.getIndex()).append(']');
                case STRING_KEY ->
                    path.append('[').append(element.getStringKey()).append(']');
                case INT_KEY -> path.append('[').append(element.getIntKey()).append(']');
                case UINT_KEY -> path.append('[').append(element.getUintKey()).append(']');
                case BOOL_KEY -> path.append('[').append(element.getBoolKey()).append(']');
                case SUBSCRIPT_NOT_SET -> {}
            }
        }
        return path.toString();
    }
}
