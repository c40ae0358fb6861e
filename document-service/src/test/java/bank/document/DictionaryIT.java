package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import bank.v1.CreateDocumentCategoryRequest;
import bank.v1.DictionaryEntry;
import bank.v1.DocumentForm;
import bank.v1.ListDocumentCategoriesRequest;
import bank.v1.ListOperationStatusesRequest;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DictionaryIT {
    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    @Test
    void listsOperationStatusesByTheirNumbers() {
        var statuses =
                service.client().documents().listOperationStatuses(ListOperationStatusesRequest.getDefaultInstance());
        assertThat(statuses.getName()).isEqualTo("operation_statuses");
        assertThat(statuses.getEntriesList())
                .extracting(DictionaryEntry::getId, DictionaryEntry::getCode, DictionaryEntry::getNameRu)
                .containsExactly(
                        tuple(1L, "active", "активен"),
                        tuple(2L, "archived", "архивирован"),
                        tuple(3L, "requires_review", "требует проверки"),
                        tuple(4L, "revoked", "отозвано"),
                        tuple(5L, "pending", "ожидает"),
                        tuple(6L, "approved", "подтверждён"),
                        tuple(7L, "processed", "успешно"),
                        tuple(8L, "rejected", "ошибка"),
                        tuple(9L, "processing", "в обработке"));
    }

    @Test
    void listsCategoriesThatAdministratorsExtend() {
        assertThat(list().stream().limit(5))
                .extracting(DictionaryEntry::getId, DictionaryEntry::getCode, DictionaryEntry::getNameRu)
                .containsExactly(
                        tuple(1L, "passports", "Паспорта"),
                        tuple(2L, "contracts", "Договоры"),
                        tuple(3L, "statements", "Справки"),
                        tuple(4L, "finance", "Финансы"),
                        tuple(5L, "other", "Прочее"));

        var created = create(service.admin(), "powers", "Доверенности", "Powers of attorney");

        assertThat(created.getId()).isGreaterThanOrEqualTo(6);
        assertThat(list()).contains(created);
        var form = DocumentForm.newBuilder().setCategory("доверенности").build();
        assertThat(Sent.upload(service.client(), form, "a.pdf", SmallPdf.of("category"))
                        .getDocumentId())
                .isPositive();
    }

    @Test
    void refusesCategoriesThatExistOrMakeNoSense() {
        assertThatCall(() -> create(service.admin(), "contracts", "Новое", "New"))
                .fails(Code.ALREADY_EXISTS, "CATEGORY_EXISTS");
        assertThatCall(() -> create(service.admin(), "news", "ДОГОВОРЫ", "New"))
                .fails(Code.ALREADY_EXISTS, "CATEGORY_EXISTS");
        assertThatCall(() -> create(service.admin(), "news", "Новое", "contracts"))
                .fails(Code.ALREADY_EXISTS, "CATEGORY_EXISTS");
        assertThatCall(() -> create(service.admin(), "News", "Новое", "New"))
                .fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> create(service.admin(), "news", " ", "New")).hasFieldViolation("name_ru");
        assertThatCall(() -> create(service.admin(), "news", "12", "New")).hasFieldViolation("name_ru");
        assertThatCall(() -> create(service.employee(), "news", "Новое", "New"))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
        create(service.admin().with("validate-only", "true"), "news", "Новое", "New");
        assertThat(list()).noneMatch(entry -> entry.getCode().equals("news"));
    }

    private static List<DictionaryEntry> list() {
        return service.client()
                .documents()
                .listDocumentCategories(ListDocumentCategoriesRequest.getDefaultInstance())
                .getEntriesList();
    }

    private static DictionaryEntry create(
            DocumentServiceExtension.Caller caller, String code, String nameRu, String nameEn) {
        return caller.documents()
                .createDocumentCategory(CreateDocumentCategoryRequest.newBuilder()
                        .setCode(code)
                        .setNameRu(nameRu)
                        .setNameEn(nameEn)
                        .build());
    }
}
