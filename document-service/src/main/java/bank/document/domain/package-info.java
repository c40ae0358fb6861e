/// The rules of documents, uploads, holds and downloads.
@NullMarked
package bank.document.domain;

import org.jspecify.annotations.NullMarked;
