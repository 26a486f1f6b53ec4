import Bench
import Foundation

/// One line on standard error that shows how far a run is; nothing when that is not a terminal.
final class ProgressBar {
  private static let barWidth = 24
  private static let secondsBetweenUpdates = 0.1

  private let isShown: Bool
  private var lastUpdate = -Double.infinity

  init(isShown: Bool = StandardError.isTerminal) { self.isShown = isShown }

  func update(_ progress: BenchProgress) {
    guard isShown, progress.elapsedSeconds - lastUpdate >= Self.secondsBetweenUpdates else { return }
    lastUpdate = progress.elapsedSeconds
    StandardError.write("\r\u{1B}[K" + Self.line(progress))
  }

  /// Clears the line, so that other output starts in the first column.
  func clear() {
    guard isShown else { return }
    StandardError.write("\r\u{1B}[K")
    lastUpdate = -Double.infinity
  }

  static func line(_ progress: BenchProgress) -> String {
    let share = progress.totalPoints > 0 ? Double(progress.completedPoints) / Double(progress.totalPoints) : 0
    let filled = Int((share * Double(barWidth)).rounded(.down))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled)
    let remaining = progress.remainingSeconds.map { ", " + duration($0) + " left" } ?? ""
    return "[\(bar)] \(progress.completedPoints)/\(progress.totalPoints)\(remaining)  \(progress.activity)"
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }
}
