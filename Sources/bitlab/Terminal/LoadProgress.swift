import Inference

/// One line on standard error that shows how far packing is; nothing when that is not a terminal.
struct LoadProgress {
  private let isShown = StandardError.isTerminal

  func update(_ progress: ModelWeights.Progress) {
    guard isShown else { return }
    StandardError.write("\r\u{1B}[Kloading: \(progress.completed) of \(progress.total) matrices")
  }

  /// Clears the line, so that other output starts in the first column.
  func clear() {
    if isShown { StandardError.write("\r\u{1B}[K") }
  }
}
