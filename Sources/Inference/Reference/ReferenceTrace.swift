import ModelFiles

/// One layer's work on some tokens.
public struct LayerTrace: Sendable {
  /// The residual stream after the layer, tokens × hidden size.
  public let residual: [Double]
  /// Its linear layers.
  public let linears: [LinearRole: LinearTrace]
  /// Keys, turned but not rounded, tokens × key features.
  public let keys: [Double]
  /// Values, not rounded, tokens × key features.
  public let values: [Double]
  /// How keys and values are rounded.
  public let cachePrecision: CachePrecision

  /// The layers with inputs of their own: keys and values have that of the queries, the gate's is the widening one's.
  private var inputs: [LinearTrace] { [LinearRole.query, .output, .gate, .down].compactMap { linears[$0] } }

  /// The smallest distance of a scaled activation to where its rounding to int8 changes, in steps: 0 to a half.
  public var boundaryDistance: Double { inputs.reduce(0.5) { $1.boundaryDistances.reduce($0, min) } }

  /// How many activations lie within `distance` of such a boundary.
  public func nearBoundary(within distance: Double) -> Int {
    inputs.reduce(0) { $0 + $1.nearBoundary(within: distance).reduce(0, +) }
  }

  /// The smallest distance of a key's or value's element to where its rounding to binary16 changes, in units of its
  /// last place: 0 to a half.
  public var cacheBoundaryDistance: Double {
    (keys + values).reduce(0.5) { min($0, cachePrecision.boundaryDistance($1)) }
  }

  /// How many elements of keys and values lie within `distance` of such a boundary.
  public func cacheNearBoundary(within distance: Double) -> Int {
    (keys + values).count { cachePrecision.boundaryDistance($0) <= distance }
  }
}

/// A forward pass over some tokens, each position's values one after the other.
public struct ReferenceTrace: Sendable {
  /// The residual stream after the embedding, tokens × hidden size.
  public let embedding: [Double]
  /// The layers in their order.
  public let layers: [LayerTrace]
  /// Tokens × vocabulary.
  public let logits: [Double]
  /// Tokens of the pass.
  public let tokens: Int

  /// The residual stream after the embedding and after every layer: one more than there are layers.
  public var residuals: [[Double]] { [embedding] + layers.map(\.residual) }

  /// The logits of one token of the pass, counted from its first.
  public func logits(ofToken token: Int) -> [Double] {
    let vocabulary = logits.count / tokens
    return Array(logits[token * vocabulary..<(token + 1) * vocabulary])
  }

  /// The smallest distance of a scaled activation to where its rounding to int8 changes, in steps: 0 to a half.
  public var boundaryDistance: Double { layers.reduce(0.5) { min($0, $1.boundaryDistance) } }

  /// How many activations lie within `distance` of such a boundary.
  public func nearBoundary(within distance: Double) -> Int {
    layers.reduce(0) { $0 + $1.nearBoundary(within: distance) }
  }

  /// The smallest distance of a key's or value's element to where its rounding to binary16 changes, in units of its
  /// last place: 0 to a half.
  public var cacheBoundaryDistance: Double { layers.reduce(0.5) { min($0, $1.cacheBoundaryDistance) } }
}
