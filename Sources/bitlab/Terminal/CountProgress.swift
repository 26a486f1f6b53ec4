/// One line on standard error that counts what is done; nothing when that is not a terminal.
struct CountProgress {
  private let isShown = StandardError.isTerminal
  private let what: String

  /// - Parameter what: What is counted, in the singular.
  init(_ what: String) { self.what = what }

  func update(_ completed: Int, _ total: Int) {
    guard isShown else { return }
    StandardError.write("\r\u{1B}[K\(what) \(completed) of \(total)")
  }

  /// Clears the line, so that other output starts in the first column.
  func clear() {
    if isShown { StandardError.write("\r\u{1B}[K") }
  }
}
