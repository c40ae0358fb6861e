package bank.document.model;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What an uploader says of a document, as he says it.
///
/// @param description what it is, up to 1000 characters, or empty
/// @param category code or name of the category, or empty
/// @param categoryId number of the category, instead of `category`
/// @param actualDate first day in force
/// @param actualEndDate last day in force, not before `actualDate`
public record DocumentDetails(
        String description,
        String category,
        @Nullable Long categoryId,
        @Nullable LocalDate actualDate,
        @Nullable LocalDate actualEndDate) {
    /// Most characters of a description.
    public static final int DESCRIPTION_LENGTH_MAX = 1000;
    /// Most characters of a category's name.
    public static final int CATEGORY_LENGTH_MAX = 100;

    /// @throws DocumentException INVALID_ARGUMENT when a field has a value it cannot have
    public DocumentDetails {
        description = Text.of("description", description, DESCRIPTION_LENGTH_MAX);
        category = Text.of("category", category, CATEGORY_LENGTH_MAX).strip();
        if (!category.isEmpty() && categoryId != null) {
            throw new DocumentException(
                    new DocumentFailure.InvalidField("callcopy_id", "give either callcopy_id or category"));
        }
        requireOrder(actualDate, actualEndDate);
    }

    /// Checks that a document does not end before it begins.
    ///
    /// @throws DocumentException INVALID_ARGUMENT when it does
    public static void requireOrder(@Nullable LocalDate actualDate, @Nullable LocalDate actualEndDate) {
        if (actualDate != null && actualEndDate != null && actualEndDate.isBefore(actualDate)) {
            throw new DocumentException(new DocumentFailure.InvalidField("actual_end_date", "lies before actual_date"));
        }
    }
}
