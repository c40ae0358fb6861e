/// Content kept in S3.
@NullMarked
package bank.document.blob;

import org.jspecify.annotations.NullMarked;
