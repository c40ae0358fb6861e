package bank.document.model;

/// A category of documents (original: Callcopy).
///
/// @param id number, from 1
/// @param code stable code, e.g. `contracts`
/// @param nameRu name in Russian, e.g. `Договоры`
/// @param nameEn name in English, e.g. `Contracts`
public record Category(long id, String code, String nameRu, String nameEn) {
    /// Number of the category of documents that are said to be in none.
    public static final long OTHER = 5;
}
