/// Who calls, and whether he may: access tokens and the access option of every rpc.
@NullMarked
package bank.platform.auth;

import org.jspecify.annotations.NullMarked;
