/// Content on its way in: spooled, digested, recognised by what it is, scanned for viruses.
@NullMarked
package bank.document.content;

import org.jspecify.annotations.NullMarked;
