package bank.identity.store;

import bank.platform.db.Tx;

/// What makes sign-ins that have not come to a session yet end together with the sessions there are.
final class SignInEpochs {
    private SignInEpochs() {}

    /// Lets whatever the user proved until now count no more. To be done before his sessions are ended: a session that
    /// is being opened is waited for, and ends with them.
    static void next(Tx tx, long userId) {
        tx.sql()
                .createUpdate("UPDATE bank_user SET sign_in_epoch = sign_in_epoch + 1 WHERE id = :user")
                .bind("user", userId)
                .execute();
    }
}
