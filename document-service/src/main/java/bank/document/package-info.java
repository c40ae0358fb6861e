/// document-service: documents, their content and what becomes of them.
///
/// `rpc` speaks `bank.v1`; `domain` holds the rules; `content` receives bytes, recognises and scans them;
/// `blob` keeps them in S3, `store` the rows about them in PostgreSQL; `client` asks identity-service who
/// somebody is, `events` tells others what happened; `model` has the nouns all of them share. `DocumentServer` wires
/// it, `Main` runs it.
@NullMarked
package bank.document;

import org.jspecify.annotations.NullMarked;
