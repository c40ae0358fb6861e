package bank.document;

import static bank.testing.StatusAssert.assertThatCall;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PENDING;
import static bank.v1.DocumentStatus.DOCUMENT_STATUS_PROCESSING;
import static org.assertj.core.api.Assertions.assertThat;

import bank.v1.DocumentForm;
import bank.v1.DocumentSearchResult;
import bank.v1.ListUserDocumentsRequest;
import bank.v1.SearchDocumentsRequest;
import bank.v1.SearchDocumentsResponse;
import com.google.type.Date;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SearchIT {
    @RegisterExtension
    static final DocumentServiceExtension service = new DocumentServiceExtension();

    private static final Documents documents = new Documents(service);

    private static long lease;
    private static long receipt;
    private static long passport;
    private static long late;

    @BeforeAll
    static void upload() {
        lease = Sent.upload(service.client(), form("Договоры аренды квартиры", 2), "1.pdf", SmallPdf.of("1"))
                .getDocumentId();
        receipt = Sent.upload(service.client(), form("Payment receipts for rented flats", 4), "2.pdf", SmallPdf.of("2"))
                .getDocumentId();
        passport = Sent.upload(service.otherClient(), form("Паспорт", 1), "3.pdf", SmallPdf.of("3"))
                .getDocumentId();
        documents.set(service.employee(), receipt, DOCUMENT_STATUS_PROCESSING);
        documents.set(service.admin(), passport, DOCUMENT_STATUS_PROCESSING);
        service.clock.advance(Duration.ofDays(2));
        late = Sent.upload(service.otherClient(), form("Договор банковского вклада", 2), "4.pdf", SmallPdf.of("4"))
                .getDocumentId();
    }

    @Test
    void findsEverythingNewestFirst() {
        assertThat(ids(request())).containsExactly(late, passport, receipt, lease);
    }

    @Test
    void narrowsByEachCriterion() {
        assertThat(ids(request().setStatus(DOCUMENT_STATUS_PENDING))).containsExactly(late, lease);
        assertThat(ids(request().setCategory("Договоры"))).containsExactly(late, lease);
        assertThat(ids(request().setCategory("contracts"))).containsExactly(late, lease);
        assertThat(ids(request().setCategory("2"))).containsExactly(late, lease);
        assertThat(ids(request().setUserId(TestIdentity.OTHER_CLIENT))).containsExactly(late, passport);
        assertThat(ids(request().setWorkerId(TestIdentity.EMPLOYEE))).containsExactly(receipt);
        assertThat(ids(request().setUploadedFrom(day(0)))).containsExactly(late);
        assertThat(ids(request().setUploadedTo(day(-2)))).containsExactly(passport, receipt, lease);
        assertThat(ids(request().setUploadedFrom(day(-2)).setUploadedTo(day(0))))
                .containsExactly(late, passport, receipt, lease);
        assertThat(ids(request().setUploadedFrom(day(1)))).isEmpty();
    }

    @Test
    void findsWordsByRussianAndEnglishStems() {
        assertThat(ids(request().setText("договор"))).containsExactly(late, lease);
        assertThat(ids(request().setText("АРЕНДА договором"))).containsExactly(lease);
        assertThat(ids(request().setText("вклады"))).containsExactly(late);
        assertThat(ids(request().setText("renting receipt"))).containsExactly(receipt);
        assertThat(ids(request().setText("договор receipt"))).isEmpty();
        assertThat(ids(request().setText("' | & ! ( \""))).isEmpty();
    }

    @Test
    void narrowsByAllCriteriaTogether() {
        assertThat(ids(request()
                        .setStatus(DOCUMENT_STATUS_PROCESSING)
                        .setCategory("finance")
                        .setUserId(TestIdentity.CLIENT)
                        .setWorkerId(TestIdentity.EMPLOYEE)
                        .setUploadedFrom(day(-3))
                        .setUploadedTo(day(0))
                        .setText("payments")))
                .containsExactly(receipt);
    }

    @Test
    void showsWhatTheListNeeds() {
        var found = search(request().setWorkerId(TestIdentity.EMPLOYEE)).getResults(0);
        assertThat(found.getDescription()).isEqualTo("Payment receipts for rented flats");
        assertThat(found.getCategory()).isEqualTo("Финансы");
        assertThat(found.getUserId()).isEqualTo(TestIdentity.CLIENT);
        assertThat(found.getStatus()).isEqualTo(DOCUMENT_STATUS_PROCESSING);
        assertThat(found.getUploadDate()).isEqualTo(day(-2));
        assertThat(found.hasPlanMaturityDate()).isFalse();
    }

    @Test
    void pagesThroughAllOfItOnce() {
        for (var size : new int[] {1, 2, 3, 4, 5}) {
            var pages = new ArrayList<Long>();
            var request = request().setPageSize(size);
            do {
                var page = search(request);
                assertThat(page.getResultsCount()).isBetween(1, size);
                pages.addAll(page.getResultsList().stream()
                        .map(DocumentSearchResult::getId)
                        .toList());
                request.setPageToken(page.getNextPageToken());
            } while (!request.getPageToken().isEmpty());
            assertThat(pages).containsExactly(late, passport, receipt, lease);
        }
    }

    @Test
    void refusesPageTokensOfOthersOrOfOtherLists() {
        var token = search(request().setPageSize(1)).getNextPageToken();
        var changed = (token.charAt(0) == 'A' ? 'B' : 'A') + token.substring(1);
        assertRefused(request().setPageToken(changed), service.employee());
        assertRefused(request().setPageToken("x"), service.employee());
        assertRefused(request().setPageToken(token).setCategory("2"), service.employee());
        assertRefused(request().setPageToken(token), service.admin());
        assertThatCall(() -> service.employee()
                        .documents()
                        .listUserDocuments(ListUserDocumentsRequest.newBuilder()
                                .setUserId(TestIdentity.CLIENT)
                                .setPageToken(token)
                                .build()))
                .fails(Code.INVALID_ARGUMENT, "PAGE_TOKEN");
    }

    @Test
    void refusesCriteriaThatMakeNoSense() {
        assertThatCall(() -> search(request().setCategory("nothing"))).fails(Code.INVALID_ARGUMENT, "UNKNOWN_CATEGORY");
        assertThatCall(() -> search(request().setPageSize(201))).fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> search(request().setPageSize(0))).fails(Code.INVALID_ARGUMENT, "INVALID_FIELD");
        assertThatCall(() -> search(request().setText("a\0"))).hasFieldViolation("text");
        assertThatCall(() -> search(request().setUploadedFrom(Date.newBuilder().setYear(2024))))
                .hasFieldViolation("uploaded_from");
        assertThatCall(() ->
                        service.client().reviews().searchDocuments(request().build()))
                .fails(Code.PERMISSION_DENIED, "ROLE_MISSING");
    }

    private static void assertRefused(SearchDocumentsRequest.Builder request, DocumentServiceExtension.Caller caller) {
        assertThatCall(() -> caller.reviews().searchDocuments(request.build()))
                .fails(Code.INVALID_ARGUMENT, "PAGE_TOKEN");
    }

    private static SearchDocumentsRequest.Builder request() {
        return SearchDocumentsRequest.newBuilder();
    }

    private static List<Long> ids(SearchDocumentsRequest.Builder request) {
        return search(request).getResultsList().stream()
                .map(DocumentSearchResult::getId)
                .toList();
    }

    private static SearchDocumentsResponse search(SearchDocumentsRequest.Builder request) {
        return service.employee().reviews().searchDocuments(request.build());
    }

    private static DocumentForm form(String description, long category) {
        return DocumentForm.newBuilder()
                .setDescription(description)
                .setCallcopyId(category)
                .build();
    }

    private static Date day(int offset) {
        var day = LocalDate.ofInstant(service.clock.instant(), ZoneOffset.UTC).plusDays(offset);
        return Date.newBuilder()
                .setYear(day.getYear())
                .setMonth(day.getMonthValue())
                .setDay(day.getDayOfMonth())
                .build();
    }
}
