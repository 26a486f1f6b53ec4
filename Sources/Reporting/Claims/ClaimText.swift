import Bench
import Foundation

/// A claim with its verdict in words and cells.
struct ClaimText {
  private let result: ClaimResult

  init(_ result: ClaimResult) { self.result = result }

  static let headings: [TextTable.Heading] = [
    .init(title: "id", alignment: .left, dropOrder: 0),
    .init(title: "claim", alignment: .left, dropOrder: 2),
    .init(title: "published", alignment: .right, dropOrder: 0),
    .init(title: "ours", alignment: .right, dropOrder: 0),
    .init(title: "interval", alignment: .right, dropOrder: 4),
    .init(title: "obtained", alignment: .left, dropOrder: 1),
    .init(title: "verdict", alignment: .left, dropOrder: 0),
    .init(title: "source", alignment: .left, dropOrder: 3),
  ]

  /// All but the id, under ``headings``.
  var cells: [String] {
    [
      result.claim.statement, published, result.ours.map { figure($0.value) } ?? QuantityText.missing,
      result.ours?.interval.map {
        "\(QuantityText.number($0.lowerBound))-\(QuantityText.number($0.upperBound))"
      } ?? "",
      result.claim.method.rawValue, verdict, source,
    ]
  }

  private var published: String {
    let figure = result.claim.published
    let text = String(format: "%.\(figure.decimals)f", figure.value)
    return (figure.criterion == .above ? "above " : "") + text + unit
  }

  private var unit: String {
    let unit = result.claim.published.unit
    return unit == .times ? unit.rawValue : " \(unit.rawValue)"
  }

  /// With the decimals of the published figure where those digits agree, else with three digits.
  private func figure(_ value: Double) -> String {
    let published = result.claim.published
    return published.criterion == .printed && result.verdict == .reproduced
      ? String(format: "%.\(published.decimals)f", value) + unit : QuantityText.number(value) + unit
  }

  private var verdict: String {
    guard case .differs(let difference, _) = result.verdict else { return result.verdict.word }
    guard result.claim.published.criterion != .above else { return "differs: not above" }
    return "differs: " + (difference < 0 ? "-" : "+") + QuantityText.percent(abs(difference))
  }

  private var source: String {
    let figure = result.claim.published
    return figure.source + (figure.standing == .stated ? "" : " (\(figure.standing.rawValue))")
  }

  /// `to the printed digit`, `within 10%`, `above`
  static func criterion(_ figure: PublishedFigure) -> String {
    switch figure.criterion {
    case .printed: "to the printed digit"
    case .within(let share): "within \(QuantityText.percent(share))"
    case .above: "above"
    }
  }

  /// Why claims were not reproduced: each reason with the claims it holds for, in order of first appearance.
  static func reasons(_ results: [ClaimResult]) -> [(reason: String, ids: [String])] {
    var reasons: [(reason: String, ids: [String])] = []
    for result in results {
      guard let reason = ClaimText(result).reason else { continue }
      if let index = reasons.firstIndex(where: { $0.reason == reason }) {
        reasons[index].ids.append(result.id)
      } else {
        reasons.append((reason, [result.id]))
      }
    }
    return reasons
  }

  private var reason: String? {
    switch result.verdict {
    case .reproduced: nil
    case .differs(_, let reason): reason.map { "likely reason: \($0)" } ?? "the reason is not known"
    case .untestable(let reason): "cannot be tested here: \(reason)"
    }
  }

  static func summary(_ results: [ClaimResult]) -> String {
    func count(_ word: String) -> Int { results.count { $0.verdict.word == word } }
    return "\(MatmulText.count(results.count, "claim")): \(count("reproduced")) reproduced, "
      + "\(count("differs")) differ, \(count("untestable")) cannot be tested here."
  }

  static let legend =
    "Reproduced means: the printed digits where the figure follows from a formula, within 10% for measurements and "
    + "models (1% for figures of energy read from a chart), any advantage where only an advantage is claimed. No "
    + "model is fitted to a claim."
}
