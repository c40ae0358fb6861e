package bank.edge.transcode;

import bank.edge.json.JsonPosition;
import bank.edge.json.MessageInput;
import bank.edge.json.MessageInput.Origin;
import bank.edge.route.HttpRule;
import java.util.List;

/// What the path and the query say of each message of a request: a streamed message stands for itself, so each has
/// them all, and none may set the same field once more.
final class RequestFields {
    private final Exchange.Target target;
    private final HttpRule rule;

    RequestFields(Exchange.Target target) {
        this.target = target;
        this.rule = target.route().rule();
    }

    /// The message of path and query alone.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT with every violation; so too below
    byte[] alone() {
        return whole(input());
    }

    /// What path and query set beside a body that is read in pieces, or in a way of its own.
    ///
    /// @param claimed fields that the body sets
    byte[] beside(String... claimed) {
        MessageInput input = input();
        for (String field : claimed) {
            input.claim(field);
        }
        fill(input);
        return input.wire();
    }

    /// The message of path, query and a body, or an element of one.
    ///
    /// @param start where in the body the JSON begins
    byte[] with(byte[] json, JsonPosition start) {
        MessageInput input = input();
        input.json(json, rule.body().equals("*") ? "" : rule.body(), start);
        return whole(input);
    }

    private MessageInput input() {
        return rule.rpc().codec().input(rule.rpc().input());
    }

    private byte[] whole(MessageInput input) {
        fill(input);
        if (rule.httpMethod().equals("PATCH")) {
            input.deriveUpdateMask(rule.body().equals("*") ? "" : rule.body());
        }
        return input.wire();
    }

    private void fill(MessageInput input) {
        target.query().forEach((name, values) -> input.text(name, values, Origin.QUERY));
        target.route().variables().forEach((name, value) -> input.text(name, List.of(value), Origin.PATH));
    }
}
