/// Fields of comma-separated values after RFC 4180.
enum CSVField {
  /// A field in quotes, its own quotes doubled, if it holds anything that separates fields.
  static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }

  /// One record; records end in CRLF (RFC 4180, section 2).
  static func record(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") + "\r\n" }
}
