package bank.document.model;

/// A value of the dictionary of operation statuses (original: Operation). Documents, contracts and links
/// each use some of them.
public enum OperationStatus {
    /// In force.
    ACTIVE(1, "активен", "active"),
    /// Put away.
    ARCHIVED(2, "архивирован", "archived"),
    /// The owner must look at it again.
    REQUIRES_REVIEW(3, "требует проверки", "requires review"),
    /// Taken back.
    REVOKED(4, "отозвано", "revoked"),
    /// Waits for processing.
    PENDING(5, "ожидает", "pending"),
    /// Approved.
    APPROVED(6, "подтверждён", "approved"),
    /// Processed.
    PROCESSED(7, "успешно", "processed"),
    /// Turned down.
    REJECTED(8, "ошибка", "rejected"),
    /// Being processed.
    PROCESSING(9, "в обработке", "processing");

    private final int number;
    private final String nameRu;
    private final String nameEn;

    OperationStatus(int number, String nameRu, String nameEn) {
        this.number = number;
        this.nameRu = nameRu;
        this.nameEn = nameEn;
    }

    /// Number in the dictionary, from 1.
    public int number() {
        return number;
    }

    /// Name in Russian.
    public String nameRu() {
        return nameRu;
    }

    /// Name in English.
    public String nameEn() {
        return nameEn;
    }
}
