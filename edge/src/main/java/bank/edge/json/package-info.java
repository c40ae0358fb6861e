/// JSON and protobuf wire bytes, turned into each other directly: by the house rules of `bank.v1`, or by the ProtoJSON
/// mapping of the protobuf documentation.
///
/// `JsonCodec` is what the rest of the edge sees. `Plans` works out, once for each message type, how its fields are
/// called, tagged and checked; `MessageReader` and `MessageWriter` follow the plans over the bytes.
@NullMarked
package bank.edge.json;

import org.jspecify.annotations.NullMarked;
