import Accelerator

/// One line on standard error that shows which matmul is stepped through; nothing when that is not a terminal.
struct SteppedProgress: Sendable {
  private let isShown = StandardError.isTerminal

  func begin(_ size: MatmulSize, on chip: Chip) {
    guard isShown else { return }
    let shape = "\(size.tokens)x\(size.inFeatures)x\(size.outFeatures)"
    StandardError.write("\r\u{1B}[Kstepping \(shape) on \(chip.design.name)")
  }

  /// Clears the line, so that other output starts in the first column.
  func end() {
    if isShown { StandardError.write("\r\u{1B}[K") }
  }
}
