/// Routes of the edge: the rpcs of the descriptor set and the `google.api.http` rules they carry, compiled
/// to one trie per HTTP method when the edge starts.
@NullMarked
package bank.edge.route;

import org.jspecify.annotations.NullMarked;
