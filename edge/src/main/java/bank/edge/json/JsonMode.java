package bank.edge.json;

/// How messages and JSON correspond.
public enum JsonMode {
    /// The ProtoJSON mapping of the protobuf documentation: names in lower camel case, 64-bit integers as strings,
    /// enum values by their full names, defaults left out.
    STANDARD,
    /// The mapping of `bank.v1`: names as in the proto file, 64-bit integers as numbers, enum values by short
    /// lower-case names, `google.type.Date` and `google.type.Decimal` as text, defaults printed.
    HOUSE
}
