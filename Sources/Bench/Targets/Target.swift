import KernelZoo

/// A ratio that kernels are to reach: of the machine's limit, by the fastest of a few, as the median over shapes.
public struct Target: Sendable, Hashable {
  /// On a single shape this much less is enough.
  public static let toleranceOnOneShape = 0.10

  /// What is measured, in words, without the number of threads.
  public var what: String
  /// Value of M.
  public var tokens: Int
  /// Team size.
  public var threads: Int
  /// Share of the limit, 1 being all of it.
  public var share: Double
  /// Names of the kernels of which the fastest counts, shape by shape.
  public var kernels: Set<String>

  /// A target with every part given.
  public init(what: String, tokens: Int, threads: Int, share: Double, kernels: Set<String>) {
    self.what = what
    self.tokens = tokens
    self.threads = threads
    self.share = share
    self.kernels = kernels
  }

  /// Whether `point` counts for it.
  func covers(_ point: MeasurementPoint) -> Bool {
    point.tokens == tokens && point.threads == threads && point.cache == .cold
      && kernels.contains(point.kernel)
  }
}
