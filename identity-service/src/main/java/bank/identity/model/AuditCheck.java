package bank.identity.model;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// How far the audit log was found unbroken.
///
/// @param reached the last row that was found in order, and its code
/// @param newest number of the newest row
/// @param broken the first row that is not in order; null when there is none
public record AuditCheck(
        Mark reached, long newest, @Nullable Break broken) {
    /// A row to be kept elsewhere: whoever knows it can tell later that everything up to it is still the same.
    ///
    /// @param number its number; 0 stands before the first
    /// @param code its code, 64 hexadecimal digits
    public record Mark(long number, String code) {
        private static final int CODE_BYTES = 32;

        /// What stands before the first row.
        public static final Mark BEGIN = of(0, new byte[CODE_BYTES]);

        /// A row by its code as it is stored.
        public static Mark of(long number, byte[] code) {
            return new Mark(number, HexFormat.of().formatHex(code));
        }

        /// The code as it is stored.
        public byte[] bytes() {
            return HexFormat.of().parseHex(code);
        }
    }

    /// Where the log is broken.
    ///
    /// @param number the first row that is not in order
    public record Break(long number, Kind kind) {}

    /// What is wrong with a row.
    public enum Kind {
        /// It is not what it was when it was added, or stands where another stood.
        CHANGED,
        /// It is not there, though later ones are.
        MISSING,
        /// It and all later ones are not there.
        CUT_OFF,
        /// It is there, though the newest is an earlier one.
        SURPLUS,
        /// It is in order, but not the one that was kept elsewhere: the log was written anew.
        REPLACED
    }

    /// Everything up to the newest row was looked at, and is in order.
    public boolean whole() {
        return broken == null && reached.number() >= newest;
    }
}
