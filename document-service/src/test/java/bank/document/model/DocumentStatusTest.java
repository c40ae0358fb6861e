package bank.document.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DocumentStatusTest {
    private static final Map<DocumentStatus, Set<DocumentStatus>> STEPS = Map.of(
            DocumentStatus.PENDING, Set.of(DocumentStatus.PROCESSING),
            DocumentStatus.PROCESSING,
                    Set.of(
                            DocumentStatus.APPROVED,
                            DocumentStatus.PROCESSED,
                            DocumentStatus.REJECTED,
                            DocumentStatus.REQUIRES_REVIEW),
            DocumentStatus.REQUIRES_REVIEW, Set.of(DocumentStatus.PROCESSING),
            DocumentStatus.APPROVED, Set.of(DocumentStatus.ARCHIVED),
            DocumentStatus.PROCESSED, Set.of(DocumentStatus.ARCHIVED),
            DocumentStatus.REJECTED, Set.of(DocumentStatus.ARCHIVED),
            DocumentStatus.ARCHIVED, Set.of());

    @Test
    void allowsTheStepsOfTheStatusMachineAndNoOthers() {
        for (var from : DocumentStatus.values()) {
            for (var to : DocumentStatus.values()) {
                assertThat(from.mayBecome(to))
                        .as(from + " to " + to)
                        .isEqualTo(STEPS.get(from).contains(to));
            }
        }
    }

    @Test
    void allowsDeletionWhilePendingOrRejectedOnly() {
        assertThat(EnumSet.allOf(DocumentStatus.class).stream().filter(DocumentStatus::allowsDeletion))
                .containsExactlyInAnyOrder(DocumentStatus.PENDING, DocumentStatus.REJECTED);
    }

    @Test
    void allowsReplacementWhilePendingRejectedOrInReviewOnly() {
        assertThat(EnumSet.allOf(DocumentStatus.class).stream().filter(DocumentStatus::allowsReplacement))
                .containsExactlyInAnyOrder(
                        DocumentStatus.PENDING, DocumentStatus.REJECTED, DocumentStatus.REQUIRES_REVIEW);
    }

    @Test
    void hasTheNumbersOfTheOperationsDictionary() {
        assertThat(OperationStatus.values())
                .extracting(OperationStatus::number)
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        for (var status : DocumentStatus.values()) {
            assertThat(OperationStatus.valueOf(status.name())).isNotNull();
            assertThat(DocumentStatus.of(status.code())).isEqualTo(status);
        }
    }
}
