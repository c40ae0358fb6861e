package bank.document.domain;

import bank.document.model.Category;
import bank.document.model.DocumentDetails;
import bank.document.model.DocumentException;
import bank.document.model.DocumentFailure;
import bank.document.model.Text;
import bank.document.store.CategoryStore;
import bank.platform.db.Database;
import bank.platform.db.Session;
import bank.platform.db.Tx;
import java.util.List;
import java.util.regex.Pattern;

/// Categories of documents: a list that administrators extend.
public final class Categories {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Database database;
    private final CategoryStore store;

    public Categories(Database database, CategoryStore store) {
        this.database = database;
        this.store = store;
    }

    /// Every category, by ascending number.
    public List<Category> all() {
        return database.read(store::all);
    }

    /// The category an uploader means; the one called other when he names none.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason UNKNOWN_CATEGORY
    public Category of(Session session, DocumentDetails details) {
        var id = details.categoryId();
        if (id != null) {
            return byNumber(session, id);
        }
        return details.category().isEmpty() ? byNumber(session, Category.OTHER) : byName(session, details.category());
    }

    /// Checks that there is the category an uploader means.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason UNKNOWN_CATEGORY
    public void require(DocumentDetails details) {
        database.read(session -> of(session, details));
    }

    /// The category of a search: by code, name or number.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason UNKNOWN_CATEGORY
    public Category sought(String category) {
        var text = Text.of("category", category, DocumentDetails.CATEGORY_LENGTH_MAX)
                .strip();
        return database.read(session -> NUMBER.matcher(text).matches()
                ? store.find(session, Long.parseLong(text)).orElseThrow(() -> unknown("category", text))
                : byName(session, text));
    }

    /// Adds a category.
    public Category create(Tx tx, String code, String nameRu, String nameEn) {
        if (store.all(tx).size() >= CategoryStore.MAX) {
            throw new DocumentException(new DocumentFailure.TooManyCategories(CategoryStore.MAX));
        }
        var ru = name("name_ru", nameRu);
        var en = name("name_en", nameEn);
        return new Category(store.insert(tx, code, ru, en), code, ru, en);
    }

    private Category byNumber(Session session, long id) {
        return store.find(session, id).orElseThrow(() -> unknown("callcopy_id", Long.toString(id)));
    }

    private Category byName(Session session, String name) {
        return store.find(session, name).orElseThrow(() -> unknown("category", name));
    }

    // A name of digits alone could not be told from a number.
    private static String name(String field, String given) {
        var name = Text.of(field, given, DocumentDetails.CATEGORY_LENGTH_MAX).strip();
        if (name.isEmpty() || NUMBER.matcher(name).matches()) {
            throw new DocumentException(new DocumentFailure.InvalidField(field, "has no letters"));
        }
        return name;
    }

    private static DocumentException unknown(String field, String value) {
        return new DocumentException(new DocumentFailure.UnknownCategory(field, value));
    }
}
