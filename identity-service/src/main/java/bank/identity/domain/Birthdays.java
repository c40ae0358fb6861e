package bank.identity.domain;

import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure.FieldInvalid;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Days on which users can have been born.
final class Birthdays {
    private static final LocalDate MIN = LocalDate.of(1900, 1, 1);

    private Birthdays() {}

    /// Refuses a day on which no user was born.
    ///
    /// @param birthday null: not said
    /// @throws IdentityException FieldInvalid
    static void check(@Nullable LocalDate birthday, Clock clock) {
        if (birthday == null) {
            return;
        }
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (birthday.isBefore(MIN) || birthday.isAfter(today)) {
            throw new IdentityException(new FieldInvalid("birthday", "must be from " + MIN + " to today"));
        }
    }
}
