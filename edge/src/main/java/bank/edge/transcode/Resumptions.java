package bank.edge.transcode;

import bank.edge.route.Rpc;
import bank.v1.Resumption;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import com.linecorp.armeria.common.RequestHeaders;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Streams that go on where they broke off, as the option `bank.v1.resumption` has it.
final class Resumptions {
    /// The header of the HTML standard by which a browser tells the last id it has.
    static final AsciiString LAST_EVENT_ID = AsciiString.cached("last-event-id");

    private Resumptions() {}

    /// The query with what the header says put into the field of the request that is for it. A browser that asks again
    /// sends the query of its first request, so the header goes before it.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_HEADER when the header came twice
    static Map<String, List<String>> query(Rpc rpc, RequestHeaders headers, Map<String, List<String>> query) {
        Resumption resumption = rpc.resumption();
        if (resumption == null || headers.get(LAST_EVENT_ID, "").isEmpty()) {
            return query;
        }
        var resumed = new HashMap<>(query);
        resumed.remove(rpc.input().findFieldByName(resumption.getAfter()).getJsonName());
        resumed.put(resumption.getAfter(), List.of(CallHeaders.sole(LAST_EVENT_ID, headers.getAll(LAST_EVENT_ID))));
        return resumed;
    }

    /// The id of a message; empty when it has none, or one that no event could carry.
    static String id(Rpc rpc, byte[] message) throws IOException {
        Resumption resumption = rpc.resumption();
        if (resumption == null) {
            return "";
        }
        int number = rpc.output().findFieldByName(resumption.getId()).getNumber();
        int wanted = number << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        String id = "";
        var in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == wanted) {
                id = in.readStringRequireUtf8();
            } else {
                in.skipField(tag);
            }
        }
        return id.chars().anyMatch(Character::isISOControl) ? "" : id;
    }
}
