package bank.identity.rpc;

import bank.identity.domain.AuditEvents;
import bank.identity.model.AuditCheck;
import bank.identity.model.AuditCheck.Mark;
import bank.identity.model.AuditType;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.store.AuditFilter;
import bank.platform.grpc.Answer;
import bank.platform.page.PageTokens;
import bank.v1.AuditBreak;
import bank.v1.AuditBreakKind;
import bank.v1.AuditEvent;
import bank.v1.AuditServiceGrpc;
import bank.v1.ListAuditEventsRequest;
import bank.v1.ListAuditEventsResponse;
import bank.v1.VerifyAuditRequest;
import bank.v1.VerifyAuditResponse;
import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `AuditService`: the audit log.
public final class AuditGrpcService extends AuditServiceGrpc.AuditServiceImplBase {
    private static final int VERIFIED_DEFAULT = 10_000;

    private final AuditEvents events;
    private final PageTokens pageTokens;

    /// @param pageTokens seals of list positions
    public AuditGrpcService(AuditEvents events, PageTokens pageTokens) {
        this.events = events;
        this.pageTokens = pageTokens;
    }

    @Override
    public void listAuditEvents(ListAuditEventsRequest request, StreamObserver<ListAuditEventsResponse> observer) {
        var size = request.hasPageSize() ? request.getPageSize() : PageTokens.SIZE_DEFAULT;
        var after = pageTokens.position(request);
        var rows = events.list(filter(request), after == null ? Long.MAX_VALUE : Long.parseLong(after), size + 1);
        var page = pageTokens.cut(
                request, rows, size, (bank.identity.model.AuditEvent row) -> Long.toString(row.number()));
        Answer.one(
                observer,
                ListAuditEventsResponse.newBuilder()
                        .addAllEvents(page.rows().stream()
                                .map(AuditGrpcService::toProto)
                                .toList())
                        .setNextPageToken(page.nextToken())
                        .build());
    }

    @Override
    public void verifyAudit(VerifyAuditRequest request, StreamObserver<VerifyAuditResponse> observer) {
        var after = events.mark(request.hasFrom() ? request.getFrom() - 1 : 0);
        var kept = request.getKeptNumber() == 0 ? null : new Mark(request.getKeptNumber(), request.getKeptCode());
        var count = request.hasCount() ? request.getCount() : VERIFIED_DEFAULT;
        Answer.one(observer, toProto(events.check(after, count, kept)));
    }

    private static AuditFilter filter(ListAuditEventsRequest request) {
        return new AuditFilter(
                unlessEmpty(request.getSubject()),
                unlessEmpty(request.getActor()),
                request.getType().isEmpty() ? null : type(request.getType()),
                request.hasFrom() ? instant(request.getFrom()) : null,
                request.hasTo() ? instant(request.getTo()) : null);
    }

    private static @Nullable String unlessEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static AuditType type(String name) {
        return Arrays.stream(AuditType.values())
                .filter(type -> lower(type.name()).equals(name))
                .findFirst()
                .orElseThrow(() -> new IdentityException(
                        new IdentityFailure.FieldInvalid("type", "must be a type of audit events")));
    }

    private static AuditEvent toProto(bank.identity.model.AuditEvent event) {
        return AuditEvent.newBuilder()
                .setNumber(event.number())
                .setAt(IdentityProtos.toProto(event.at()))
                .setType(lower(event.type()))
                .setActor(event.caller().name())
                .setSubject(event.subject())
                .setAddress(event.caller().origin().address())
                .setUserAgent(event.caller().origin().agent())
                .setRequestId(event.caller().requestId())
                .setDetail(event.detail())
                .build();
    }

    private static VerifyAuditResponse toProto(AuditCheck check) {
        var answer = VerifyAuditResponse.newBuilder()
                .setWhole(check.whole())
                .setNumber(check.reached().number())
                .setCode(check.reached().code())
                .setNewest(check.newest());
        if (check.broken() != null) {
            answer.setBroken(AuditBreak.newBuilder()
                    .setNumber(check.broken().number())
                    .setKind(toProto(check.broken().kind())));
        }
        return answer.build();
    }

    private static AuditBreakKind toProto(AuditCheck.Kind kind) {
        return switch (kind) {
            case CHANGED -> AuditBreakKind.AUDIT_BREAK_KIND_CHANGED;
            case MISSING -> AuditBreakKind.AUDIT_BREAK_KIND_MISSING;
            case CUT_OFF -> AuditBreakKind.AUDIT_BREAK_KIND_CUT_OFF;
            case SURPLUS -> AuditBreakKind.AUDIT_BREAK_KIND_SURPLUS;
            case REPLACED -> AuditBreakKind.AUDIT_BREAK_KIND_REPLACED;
        };
    }

    private static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
