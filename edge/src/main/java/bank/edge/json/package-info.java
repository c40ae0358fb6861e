/// JSON and protobuf: the house mode of the HTTP interface.
///
/// `JsonCodec` is what the rest of the edge sees. Its implementation goes through message objects; names,
/// enums and well-known types each have their class, shared by reading, writing and query parameters.
@NullMarked
package bank.edge.json;

import org.jspecify.annotations.NullMarked;
