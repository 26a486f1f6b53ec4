import Foundation

/// A figure of ours, to hold against a published one.
public struct ClaimFigure: Sendable, Hashable {
  /// In the unit of the claim.
  public var value: Double
  /// The interval of a measured figure.
  public var interval: ClosedRange<Double>?
  /// What exactly was compared: kernels, designs, sizes.
  public var basis: String
  /// A figure with every part given.
  public init(_ value: Double, interval: ClosedRange<Double>? = nil, basis: String) {
    self.value = value
    self.interval = interval
    self.basis = basis
  }

  /// Moves both ends of the interval away by a share of the figure.
  mutating func widen(by share: Double) {
    interval = interval.map { $0.lowerBound - share * abs(value)...$0.upperBound + share * abs(value) }
  }

  init(_ estimate: Estimate, basis: String) {
    self.init(
      estimate.median, interval: min(estimate.low, estimate.high)...max(estimate.low, estimate.high),
      basis: basis)
  }
}

/// What became of a claim.
public enum ClaimVerdict: Sendable, Hashable {
  /// Ours agrees by the claim's criterion.
  case reproduced
  /// It does not: our figure over the published one, less one, and what probably makes the difference.
  case differs(by: Double, reason: String?)
  /// There is no figure of ours, or none that decides it, for this reason.
  case untestable(String)

  /// One word for tables: `reproduced`, `differs`, `untestable`.
  public var word: String {
    switch self {
    case .reproduced: "reproduced"
    case .differs: "differs"
    case .untestable: "untestable"
    }
  }
}

/// A claim with our figure and the verdict.
public struct ClaimResult: Sendable, Identifiable {
  /// The claim.
  public let claim: Claim
  /// Ours; `nil` if it cannot be had.
  public let ours: ClaimFigure?
  /// What became of it.
  public let verdict: ClaimVerdict

  /// The claim's name.
  public var id: String { claim.id }

  /// Holds our figure against the published one.
  init(_ claim: Claim, ours: ClaimFigure) {
    self.claim = claim
    self.ours = ours
    let difference = ours.value / claim.published.value - 1
    switch claim.published.isReproduced(by: ours) {
    case true?: verdict = .reproduced
    case false?:
      verdict = .differs(
        by: difference, reason: difference < 0 ? claim.reasons.lower : claim.reasons.higher)
    case nil:
      verdict = .untestable("the measurement is too uncertain: its interval allows either verdict")
    }
  }

  /// A claim that cannot be tested.
  init(_ claim: Claim, untestable reason: String) {
    self.claim = claim
    ours = nil
    verdict = .untestable(reason)
  }
}

extension PublishedFigure {
  /// Half the interval of a measured figure that may count as reproduced, as a share of the figure.
  private static let widestHalfInterval = 0.2

  /// Whether a figure of ours reproduces this one; `nil` if its interval allows either answer.
  func isReproduced(by ours: ClaimFigure) -> Bool? {
    guard let interval = ours.interval else { return isMet(by: ours.value) }
    switch criterion {
    case .printed: return isMet(by: ours.value)
    case .within(let share):
      let isNarrow = interval.upperBound - interval.lowerBound <= 2 * Self.widestHalfInterval * ours.value
      if isMet(by: ours.value) { return isNarrow ? true : nil }
      let accepted = value * (1 - share)...value * (1 + share)
      return interval.overlaps(accepted) ? nil : false
    case .above:
      return isMet(by: interval.lowerBound) == isMet(by: interval.upperBound) ? isMet(by: ours.value) : nil
    }
  }

  private func isMet(by ours: Double) -> Bool {
    switch criterion {
    case .printed:
      let format = "%.\(decimals)f"
      return String(format: format, ours) == String(format: format, value)
    case .within(let share): return abs(ours / value - 1) <= share
    case .above: return ours > value
    }
  }
}
