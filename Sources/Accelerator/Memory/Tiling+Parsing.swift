extension Tiling {
  /// Reads `MxKxN` or `MxKxN:order`, such as `64x512x128:nmk`. Without an order the loops run as `mnk`, which never
  /// spills partial sums.
  ///
  /// - Throws: ``TilingError`` when it is anything else. Whether it fits is for a simulator to say.
  public init(parsing text: String) throws(TilingError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let sides = parts[0].split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard parts.count <= 2, sides.count == 3, sides.allSatisfy((1...MatmulSize.largestSide).contains) else {
      throw TilingError(
        text: text, expected: "three sizes from 1 to \(MatmulSize.largestSide), as in 64x512x128")
    }
    var order = LoopOrder.mnk
    if parts.count == 2 {
      guard let named = LoopOrder(rawValue: String(parts[1])) else {
        let names = LoopOrder.allCases.map(\.rawValue).joined(separator: ", ")
        throw TilingError(text: text, expected: "one of \(names) after the colon")
      }
      order = named
    }
    self.init(tokens: sides[0], inFeatures: sides[1], outFeatures: sides[2], order: order)
  }
}

extension Tiling: CustomStringConvertible {
  /// As it is read: `64x512x128:nmk`.
  public var description: String { "\(tokens)x\(inFeatures)x\(outFeatures):\(order.rawValue)" }
}

/// A tiling that cannot be read.
public struct TilingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was given.
  public let text: String
  /// What should have been.
  public let expected: String

  /// One sentence.
  public var description: String { "tile '\(text)': expected \(expected)" }
}
