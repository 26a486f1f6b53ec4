/// Where a run stands, for a progress bar.
public struct BenchProgress: Sendable, Equatable {
  /// Points done, measured or not.
  public var completedPoints: Int
  /// Points of the whole plan.
  public var totalPoints: Int
  /// What is being measured.
  public var activity: String
  /// Seconds since the run began.
  public var elapsedSeconds: Double

  /// A moment of a run.
  public init(completedPoints: Int, totalPoints: Int, activity: String, elapsedSeconds: Double) {
    self.completedPoints = completedPoints
    self.totalPoints = totalPoints
    self.activity = activity
    self.elapsedSeconds = elapsedSeconds
  }

  /// Seconds left if the rest goes as the part done went; `nil` before anything is done.
  public var remainingSeconds: Double? {
    guard completedPoints > 0 else { return nil }
    return elapsedSeconds / Double(completedPoints) * Double(totalPoints - completedPoints)
  }
}
