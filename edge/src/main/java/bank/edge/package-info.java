@org.jspecify.annotations.NullMarked
package bank.edge;
