package bank.bench;

import bank.v1.Document;
import bank.v1.DocumentSearchResult;
import bank.v1.DocumentStatus;
import bank.v1.SearchDocumentsResponse;
import bench.codec.Party;
import bench.codec.Portfolio;
import bench.codec.Position;
import bench.codec.Transfer;
import bench.codec.TransferState;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.type.Date;
import java.util.SplittableRandom;

/// The messages the codecs are measured with, made up from a fixed seed.
final class CodecMessages {
    private static final int ROWS = 50;
    private static final int POSITIONS = 50;
    private static final int TRANSFERS = 200;
    private static final int PRICES = 500;
    private static final int STATEMENT_BYTES = 8 * 1024;
    private static final long SEED = 20_231_025;

    private CodecMessages() {}

    /// `document` (one document), `page` (50 rows of a search) or `portfolio` (a large one with every kind of field).
    static Message of(String name) {
        return switch (name) {
            case "document" -> document();
            case "page" -> page();
            case "portfolio" -> portfolio(new SplittableRandom(SEED));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Date day(int year, int month, int day) {
        return Date.newBuilder().setYear(year).setMonth(month).setDay(day).build();
    }

    private static Timestamp time(long seconds, int nanos) {
        return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    }

    private static Message document() {
        return Document.newBuilder()
                .setId(7_000_123)
                .setUserId(41_207)
                .setDescription("Договор аренды помещения от 25 октября 2023 года")
                .setCategory("Договоры")
                .setCallcopyId(2)
                .setStatus(DocumentStatus.DOCUMENT_STATUS_REQUIRES_REVIEW)
                .setWorkerId(118)
                .setActualDate(day(2023, 10, 25))
                .setActualEndDate(day(2024, 10, 24))
                .setPlanMaturityDate(day(2023, 11, 1))
                .setFileName("договор-2023-10-25.pdf")
                .setMediaType("application/pdf")
                .setSizeBytes(102_400)
                .setDigest("sha-256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
                .setVersion(3)
                .setCreatedAt(time(1_698_226_200, 123_000_000))
                .setEtag("3-1698226200123")
                .build();
    }

    private static Message page() {
        var page = SearchDocumentsResponse.newBuilder().setNextPageToken("eyJpZCI6NzAwMDEyM30");
        for (var i = 0; i < ROWS; i++) {
            page.addResults(DocumentSearchResult.newBuilder()
                    .setId(7_000_123 - i)
                    .setDescription("Справка о доходах за 2023 год, экземпляр " + i)
                    .setWorkerId(100 + i % 7)
                    .setPlanMaturityDate(day(2023, 11, 1 + i % 28))
                    .setUserId(41_207 + 3 * i)
                    .setCategory("Справки")
                    .setStatus(
                            i % 3 == 0
                                    ? DocumentStatus.DOCUMENT_STATUS_PROCESSED
                                    : DocumentStatus.DOCUMENT_STATUS_PENDING)
                    .setUploadDate(day(2023, 10, 1 + i % 28)));
        }
        return page.build();
    }

    private static Message portfolio(SplittableRandom random) {
        var portfolio = Portfolio.newBuilder().setId("портфель-17").setValuedAt(time(1_698_226_200, 5_000_000));
        for (var currency : new String[] {"USD", "EUR", "CNY", "GBP", "JPY", "KZT", "BYN", "AED"}) {
            portfolio.putRates(currency, random.nextInt(10_000, 9_999_999) / 10_000.0);
        }
        for (var i = 0; i < POSITIONS; i++) {
            portfolio.putPositions(
                    random.nextLong(1, 1L << 50),
                    Position.newBuilder()
                            .setInstrument("RU000A0JX0J" + i)
                            .setQuantity(random.nextInt(1, 100_000))
                            .setPrice(random.nextDouble() * 1000)
                            .setBlocked(i % 3 == 0)
                            .setNote(StringValue.of("залог \"" + i + "\""))
                            .build());
        }
        for (var i = 0; i < TRANSFERS; i++) {
            portfolio.addTransfers(transfer(random, i));
        }
        for (var i = 0; i < PRICES; i++) {
            portfolio.addPrices(random.nextDouble() * 1000).addAccounts(random.nextLong());
        }
        return portfolio
                .setStatement(bytes(random, STATEMENT_BYTES))
                .setExtra(Struct.newBuilder()
                        .putFields("channel", text("mobile"))
                        .putFields(
                                "score",
                                Value.newBuilder().setNumberValue(0.875).build()))
                .build();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Transfer transfer(SplittableRandom random, int i) {
        var transfer = Transfer.newBuilder()
                .setId(random.nextLong())
                .setAt(time(1_698_226_200L + 61L * i, 1_000_000 * (i % 1000)))
                .setTook(Duration.newBuilder().setSeconds(i % 5).setNanos(250_000_000))
                .setFrom(party(random, "ООО «Ромашка»"))
                .setTo(party(random, "Ivanova Maria"))
                .setAmount(random.nextInt(100, 100_000_000) / 100.0)
                .setFee(random.nextInt(100, 10_000) / 100.0f)
                .setState(TransferState.TRANSFER_STATE_DONE)
                .setSignature(bytes(random, 64));
        return (i % 2 == 0 ? transfer.setText("Оплата по счёту № " + i + "\nбез НДС") : transfer.setCode(i)).build();
    }

    private static Party party(SplittableRandom random, String name) {
        return Party.newBuilder()
                .setName(name)
                .setAccount("40817810" + random.nextInt(100_000_000, 999_999_999))
                .setBranch(random.nextInt(1, 10_000))
                .addTags("retail")
                .addTags("verified")
                .build();
    }

    private static ByteString bytes(SplittableRandom random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
