/// The OpenAPI document of the edge, made from the routes and the proto files behind them: descriptors give shapes,
/// comments give texts, `buf.validate` rules give limits, method options give security. `OpenApi` puts it together,
/// `Operations` tells one route, `Schemas` the messages.
@org.jspecify.annotations.NullMarked
package bank.edge.openapi;
