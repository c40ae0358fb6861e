package bank.identity.model;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// New values of some fields of a profile.
///
/// @param fields which fields; the others' values mean nothing
public record ProfileChange(Set<Field> fields, Profile values) {
    public ProfileChange {
        fields = Set.copyOf(fields);
    }

    /// What can be changed.
    public enum Field {
        FIRST_NAME,
        LAST_NAME,
        MIDDLE_NAME,
        BIRTHDAY,
        SEX,
        ADDRESS,
        PHONE_NUMBER,
        TAX_NUMBER,
        FINANCIAL_POSITION;

        /// What a registry vouches for.
        public static final Set<Field> IDENTITY =
                Set.copyOf(EnumSet.of(FIRST_NAME, LAST_NAME, MIDDLE_NAME, BIRTHDAY, SEX, TAX_NUMBER));

        /// Name in requests.
        public String path() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The profile with the change made.
    public Profile applied(Profile before) {
        return new Profile(
                new PersonalName(
                        (has(Field.FIRST_NAME) ? values : before).name().first(),
                        (has(Field.LAST_NAME) ? values : before).name().last(),
                        (has(Field.MIDDLE_NAME) ? values : before).name().middle()),
                (has(Field.BIRTHDAY) ? values : before).birthday(),
                (has(Field.SEX) ? values : before).sex(),
                (has(Field.ADDRESS) ? values : before).address(),
                (has(Field.PHONE_NUMBER) ? values : before).phoneNumber(),
                (has(Field.TAX_NUMBER) ? values : before).taxNumber(),
                (has(Field.FINANCIAL_POSITION) ? values : before).financialPosition());
    }

    private boolean has(Field field) {
        return fields.contains(field);
    }
}
