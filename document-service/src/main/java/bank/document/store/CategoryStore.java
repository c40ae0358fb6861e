package bank.document.store;

import bank.document.model.Category;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Categories of documents.
public final class CategoryStore {
    /// Most categories there can be.
    public static final int MAX = 1000;

    /// Every category, by ascending id.
    public List<Category> all(Session session) {
        return session.sql()
                .createQuery("SELECT id, code, name_ru, name_en FROM document_category ORDER BY id LIMIT :max")
                .bind("max", MAX)
                .map((row, context) -> category(row))
                .list();
    }

    /// The category with that number.
    public Optional<Category> find(Session session, long id) {
        return session.sql()
                .createQuery("SELECT id, code, name_ru, name_en FROM document_category WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> category(row))
                .findOne();
    }

    /// The category with that code or name, whatever the case.
    public Optional<Category> find(Session session, String name) {
        return session.sql()
                .createQuery("""
                        SELECT id, code, name_ru, name_en FROM document_category
                        WHERE code = :name OR name_ru_folded = :name OR name_en_folded = :name
                        ORDER BY (code = :name) DESC, (name_ru_folded = :name) DESC
                        LIMIT 1""")
                .bind("name", folded(name))
                .map((row, context) -> category(row))
                .findOne();
    }

    /// Adds a category.
    ///
    /// @return its number
    public long insert(Tx tx, String code, String nameRu, String nameEn) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO document_category (code, name_ru, name_en, name_ru_folded, name_en_folded)
                        VALUES (:code, :nameRu, :nameEn, :nameRuFolded, :nameEnFolded)
                        RETURNING id""")
                .bind("code", code)
                .bind("nameRu", nameRu)
                .bind("nameEn", nameEn)
                .bind("nameRuFolded", folded(nameRu))
                .bind("nameEnFolded", folded(nameEn))
                .mapTo(Long.class)
                .one();
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static Category category(ResultSet row) throws SQLException {
        return new Category(
                row.getLong("id"), row.getString("code"), row.getString("name_ru"), row.getString("name_en"));
    }
}
