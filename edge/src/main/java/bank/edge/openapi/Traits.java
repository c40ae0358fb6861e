package bank.edge.openapi;

import bank.edge.route.HttpRule;
import bank.edge.route.Rpc;
import bank.v1.Access;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import java.util.ArrayList;
import java.util.List;

/// What decides which parameters and answers an operation has.
///
/// @param house the conventions of `bank.v1` hold
/// @param signedIn needs a token
/// @param mutation changes something
/// @param body takes a body
/// @param download answers with a file, or a part of one: only services that may set the status can
/// @param empty answers without a message
/// @param tagged the answer carries an entity tag
/// @param bound the path names a resource
/// @param resumed a stream that goes on where it broke off
record Traits(
        boolean house,
        boolean signedIn,
        boolean mutation,
        boolean body,
        boolean download,
        boolean empty,
        boolean tagged,
        boolean bound,
        boolean resumed) {
    static Traits of(HttpRule rule, View view, Access access) {
        Rpc rpc = rule.rpc();
        boolean download = rpc.ways().told()
                && rpc.method().isServerStreaming()
                && rpc.output().getFullName().equals("google.api.HttpBody");
        return new Traits(
                view.house(),
                !access.getAnonymous(),
                rpc.method().getOptions().getIdempotencyLevel() != IdempotencyLevel.NO_SIDE_EFFECTS,
                !rule.body().isEmpty(),
                download,
                rpc.output().getFullName().equals("google.protobuf.Empty"),
                view.house() && (download || rpc.output().findFieldByName("etag") != null),
                !rule.template().variables().isEmpty(),
                rpc.resumption() != null);
    }

    /// Repeats with a key get the first answer again.
    boolean repeatable() {
        return house && mutation && signedIn;
    }

    /// Is refused when the entity tag the client names does not hold.
    boolean conditional() {
        return repeatable() && bound;
    }

    /// Header parameters, by their names among the components.
    List<String> headers() {
        var names = new ArrayList<String>();
        if (repeatable()) {
            names.add("IdempotencyKey");
            names.add("ValidateOnly");
        }
        if (conditional()) {
            names.add("IfMatch");
        }
        if (tagged && !mutation) {
            names.add("IfNoneMatch");
        }
        if (download) {
            names.add("Range");
            names.add("IfRange");
        }
        if (body) {
            names.add("ContentDigest");
        }
        if (resumed) {
            names.add("LastEventId");
        }
        names.add("RequestTimeout");
        names.add("RequestId");
        return names;
    }

    /// Statuses of the errors that the comment need not tell of.
    List<Integer> statuses() {
        var statuses = new ArrayList<>(List.of(400, 429, 500, 503, 504));
        if (signedIn) {
            statuses.addAll(List.of(401, 403));
        }
        if (bound) {
            statuses.add(404);
        }
        if (repeatable()) {
            statuses.addAll(List.of(409, 422));
        }
        if (conditional()) {
            statuses.add(412);
        }
        if (body) {
            statuses.addAll(List.of(413, 415));
        }
        if (download) {
            statuses.add(416);
        }
        return statuses;
    }
}
