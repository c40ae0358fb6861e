package bank.document.model;

import java.time.LocalDate;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A change of what is said of a document.
///
/// @param fields what is to change
/// @param details new values; those of other fields do not count
public record DocumentChange(Set<Field> fields, DocumentDetails details) {
    public DocumentChange {
        fields = Set.copyOf(fields);
    }

    /// What can be changed, in the order of the request.
    public enum Field {
        /// What the document is.
        DESCRIPTION("description"),
        /// Category by code or name.
        CATEGORY("category"),
        /// Category by number.
        CALLCOPY_ID("callcopy_id"),
        /// First day in force.
        ACTUAL_DATE("actual_date"),
        /// Last day in force.
        ACTUAL_END_DATE("actual_end_date");

        private final String path;

        Field(String path) {
            this.path = path;
        }

        /// Name in requests and answers.
        public String path() {
            return path;
        }

        /// Value it has in a document, as text; empty when there is none.
        public String valueIn(Document document) {
            return switch (this) {
                case DESCRIPTION -> document.description();
                case CATEGORY -> document.category().nameRu();
                case CALLCOPY_ID -> Long.toString(document.category().id());
                case ACTUAL_DATE -> text(document.actualDate());
                case ACTUAL_END_DATE -> text(document.actualEndDate());
            };
        }

        private static String text(@Nullable LocalDate date) {
            return date == null ? "" : date.toString();
        }
    }
}
