import Bench
import Foundation

/// Quantities as people read them: three significant digits and the unit that fits.
enum QuantityText {
  /// What stands where a figure is missing.
  static let missing = "n/a"

  /// `84.2 us`
  static func seconds(_ seconds: Double) -> String {
    scaled(seconds, units: [(1, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns")])
  }

  /// `5.53 MB`, in powers of 1000
  static func bytes(_ bytes: Double) -> String {
    scaled(bytes, units: [(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B")])
  }

  /// `3.21 mJ`
  static func joules(_ joules: Double) -> String {
    scaled(joules, units: [(1, "J"), (1e-3, "mJ"), (1e-6, "uJ"), (1e-9, "nJ")])
  }

  /// `1.25 M`
  static func count(_ count: Double) -> String {
    scaled(count, units: [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")])
  }

  /// A share of 1 in percent: `91%`, `3.4%`
  static func percent(_ share: Double) -> String {
    fixed(share * 100, decimals: abs(share) < 0.0995 ? 1 : 0) + "%"
  }

  /// A factor: `5.21x`
  static func ratio(_ ratio: Double) -> String {
    number(ratio) + "x"
  }

  /// The interval of factors: `5.10-5.33`
  static func interval(_ estimate: Estimate) -> String {
    "\(number(estimate.low))-\(number(estimate.high))\(lowCoverageMark(estimate))"
  }

  /// A ratio of times, with a tenth of a percent: `0.951`
  static func timeRatio(_ ratio: Double) -> String { fixed(ratio, decimals: 3) }

  /// The interval of such ratios: `0.947-0.958`
  static func timeRatioInterval(_ estimate: Estimate) -> String {
    "\(timeRatio(estimate.low))-\(timeRatio(estimate.high))\(lowCoverageMark(estimate))"
  }

  /// A probability, as far as it matters: `0.012`, `<0.001`
  static func probability(_ probability: Double) -> String {
    probability < 0.001 ? "<0.001" : fixed(probability, decimals: 3)
  }

  /// Half the interval as a share of the median: `+-0.8%`
  static func uncertainty(_ estimate: Estimate) -> String {
    "+-\(percent(estimate.relativeHalfWidth))\(lowCoverageMark(estimate))"
  }

  /// What follows an interval that covers less than the usual 95 %, there being too few samples.
  static func lowCoverageMark(_ estimate: Estimate) -> String {
    estimate.coverage < Estimate.standardCoverage ? "?" : ""
  }

  /// At most three significant digits without unit: `0.031`, `0.52`, `5.21`, `84.2`, `353`
  static func number(_ value: Double) -> String {
    if value != 0, abs(value) < 0.0995 { return fixed(value, decimals: 3) }
    for decimals in [2, 1] where (abs(value) * pow(10, Double(decimals))).rounded() < 1000 {
      return fixed(value, decimals: decimals)
    }
    return fixed(value, decimals: 0)
  }

  /// The value in the largest of `units`, given largest first, in which it is at least 1 once rounded.
  private static func scaled(_ value: Double, units: [(size: Double, name: String)]) -> String {
    let fitting = units.first { abs(value) >= 0.9995 * $0.size } ?? units[units.count - 1]
    let text = number(value / fitting.size)
    return fitting.name.isEmpty ? text : "\(text) \(fitting.name)"
  }

  private static func fixed(_ value: Double, decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}
