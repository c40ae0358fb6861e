package bank.document.model;

/// A kind of content that a document may have.
public enum MediaType {
    /// Portable Document Format, ISO 32000.
    PDF("application/pdf"),
    /// Word processing document without macros, ISO/IEC 29500.
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    /// Portable Network Graphics, ISO/IEC 15948.
    PNG("image/png"),
    /// JPEG, ISO/IEC 10918.
    JPEG("image/jpeg"),
    /// TIFF 6.0.
    TIFF("image/tiff");

    private final String value;

    MediaType(String value) {
        this.value = value;
    }

    /// Media type as headers write it.
    public String value() {
        return value;
    }
}
