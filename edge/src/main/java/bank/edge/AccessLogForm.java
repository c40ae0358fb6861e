package bank.edge;

/// How the line that is logged for each request looks.
public enum AccessLogForm {
    /// For people, among the other lines of the log.
    TEXT,
    /// A JSON object and nothing else on the line, for machines.
    JSON,
    /// No lines.
    OFF
}
