package bank.identity.model;

/// Financial position of a client, a dictionary (original: Fin_pss).
public enum FinancialPosition {
    /// Stable.
    STABLE(1, "стабильный", "stable"),
    /// Critical.
    CRITICAL(2, "критический", "critical"),
    /// Watched.
    WATCHED(3, "под наблюдением", "watched");

    private final int id;
    private final String nameRu;
    private final String nameEn;

    FinancialPosition(int id, String nameRu, String nameEn) {
        this.id = id;
        this.nameRu = nameRu;
        this.nameEn = nameEn;
    }

    /// Number in the dictionary.
    public int id() {
        return id;
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
