/// What the edge costs, beside other ways to the same service.
@org.jspecify.annotations.NullMarked
package bank.bench.edge;
