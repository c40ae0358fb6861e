package bank.identity.model;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// New values of some fields of an organisation.
///
/// @param fields which fields; the others' values mean nothing
/// @param taxNumber Russian INN, or empty
/// @param parentId null: none
public record OrganizationChange(
        Set<Field> fields,
        String name,
        @Nullable OrganizationType type,
        String taxNumber,
        @Nullable Long parentId) {
    public OrganizationChange {
        fields = Set.copyOf(fields);
    }

    /// What can be changed.
    public enum Field {
        NAME,
        TYPE,
        TAX_NUMBER,
        PARENT_ID;

        /// Name in requests.
        public String path() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The organisation with the change made.
    public Organization applied(Organization before) {
        return new Organization(
                before.id(),
                fields.contains(Field.PARENT_ID) ? parentId : before.parentId(),
                fields.contains(Field.NAME) ? name : before.name(),
                fields.contains(Field.TYPE) && type != null ? type : before.type(),
                fields.contains(Field.TAX_NUMBER) ? taxNumber : before.taxNumber(),
                before.createdAt(),
                before.version());
    }
}
