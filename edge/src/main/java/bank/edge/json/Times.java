package bank.edge.json;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/// Timestamps by RFC 3339 and durations in seconds (`1.5s`), as ProtoJSON writes them.
final class Times {
    private static final Pattern RFC_3339 = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}"
            + "(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?s");
    private static final long DURATION_SECONDS_MAX = 315_576_000_000L;
    private static final Instant TIMESTAMP_MIN = Instant.parse("0001-01-01T00:00:00Z");

    private Times() {}

    static Timestamp timestamp(String text) throws BadValueException {
        if (!RFC_3339.matcher(text).matches()) {
            throw new BadValueException("expected a time such as 2023-10-25T09:30:00Z");
        }
        try {
            Instant instant =
                    OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
            if (instant.isBefore(TIMESTAMP_MIN)
                    || instant.atOffset(ZoneOffset.UTC).getYear() > 9999) {
                throw new BadValueException("expected a time from year 1 to 9999");
            }
            return Timestamp.newBuilder()
                    .setSeconds(instant.getEpochSecond())
                    .setNanos(instant.getNano())
                    .build();
        } catch (DateTimeException _) {
            throw new BadValueException("no such time in the calendar");
        }
    }

    static Duration duration(String text) throws BadValueException {
        if (!SECONDS.matcher(text).matches()) {
            throw new BadValueException("expected a duration in seconds such as 1.5s");
        }
        var seconds = new BigDecimal(text.substring(0, text.length() - 1));
        long whole = seconds.longValue();
        if (Math.abs(whole) > DURATION_SECONDS_MAX) {
            throw new BadValueException("expected at most " + DURATION_SECONDS_MAX + "s");
        }
        return Duration.newBuilder()
                .setSeconds(whole)
                .setNanos(seconds.subtract(BigDecimal.valueOf(whole))
                        .movePointRight(9)
                        .intValueExact())
                .build();
    }

    static String print(Timestamp timestamp) {
        // ISO_INSTANT prints 0, 3, 6 or 9 digits of the fraction, as ProtoJSON does.
        return DateTimeFormatter.ISO_INSTANT.format(
                Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos()));
    }

    static String print(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds())
                        .add(BigDecimal.valueOf(duration.getNanos(), 9))
                        .stripTrailingZeros()
                        .toPlainString()
                + "s";
    }
}
