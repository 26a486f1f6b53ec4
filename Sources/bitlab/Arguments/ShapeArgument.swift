import ArgumentParser
import Bench

/// A weight matrix from the command line: `OUTxIN`, out-features by in-features.
enum ShapeArgument {
  static let largestSide = 1 << 24
  /// More weights than that would not fit this program's float copy into 2^40 bytes.
  static let mostWeights = 1 << 34

  /// - Throws: `ValidationError` that says what is wrong.
  static func parse(_ text: String) throws -> BenchShape {
    let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let outFeatures = sides[0], let inFeatures = sides[1] else {
      throw ValidationError(
        "'\(text)' is not a shape: write OUTxIN, out-features by in-features, such as 3200x8640")
    }
    guard (1...largestSide).contains(outFeatures), (1...largestSide).contains(inFeatures),
      outFeatures * inFeatures <= mostWeights
    else {
      throw ValidationError(
        "shape '\(text)' is out of range: each side must be from 1 to \(largestSide), \(mostWeights) weights in all"
      )
    }
    return BenchShape(outFeatures: outFeatures, inFeatures: inFeatures)
  }
}
