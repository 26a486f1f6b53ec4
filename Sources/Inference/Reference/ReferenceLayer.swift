import Foundation
import ModelFiles
import Ternary

/// One layer of the transformer: attention and feed-forward network, each added to the residual stream.
struct ReferenceLayer: Sendable {
  let index: Int
  let attention: ReferenceAttention
  let activation: ModelArchitecture.Activation
  let linears: [LinearRole: ReferenceLinear]
  let norms: [NormRole: ReferenceNorm]
  let cachePrecision: CachePrecision
  let noise: RoundingNoise?

  init(
    _ index: Int, of source: any ModelSource, cachePrecision: CachePrecision, noise: RoundingNoise?
  ) throws {
    let architecture = source.architecture
    self.index = index
    attention = ReferenceAttention(
      heads: architecture.heads, keyValueHeads: architecture.keyValueHeads,
      headDimension: architecture.headDimension, rotaryBase: architecture.rotaryBase,
      rotaryPairs: architecture.rotaryPairs)
    activation = architecture.activation
    var linears: [LinearRole: ReferenceLinear] = [:]
    for role in LinearRole.allCases {
      let linear = ReferenceLinear(weights: try source.linear(role, layer: index))
      let expected = architecture.shape(of: role)
      guard linear.shape == expected else {
        throw ReferenceError.tensor(
          "matrix \(role.rawValue) of layer \(index)",
          expected: "\(expected.rows)x\(expected.columns) elements",
          found: "\(linear.shape.rows)x\(linear.shape.columns)")
      }
      linears[role] = linear
    }
    self.linears = linears
    var norms: [NormRole: ReferenceNorm] = [:]
    for role in architecture.norms {
      norms[role] = try ReferenceNorm(
        of: source, .norm(role, layer: index), count: architecture.count(of: role))
    }
    self.norms = norms
    self.cachePrecision = cachePrecision
    self.noise = noise
  }

  /// The layer's work on tokens that follow those in the cache, which they are added to.
  func apply(_ residual: [Double], cache: inout ReferenceCache) throws(TernaryError) -> LayerTrace {
    let first = cache.positions(inLayer: index)
    let keyFeatures = attention.keyValueHeads * attention.headDimension
    var traces: [LinearRole: LinearTrace] = [:]

    let x = noisy(normed(residual, .attention), columns: columns(.query), site: 0, first)
    let query = try linear(.query, x, &traces)
    let key = try linear(.key, x, &traces)
    let value = noisy(try linear(.value, x, &traces), columns: keyFeatures, site: 1, first)
    let queries = attention.rotated(
      query, features: attention.heads * attention.headDimension, first: first)
    let keys = noisy(
      attention.rotated(key, features: keyFeatures, first: first), columns: keyFeatures, site: 2, first)
    cache.append(
      keys: keys.map(cachePrecision.rounded), values: value.map(cachePrecision.rounded), toLayer: index)
    let attended = normed(attention.attend(queries, cache.layers[index], first: first), .attentionSub)
    let output = try linear(.output, noisy(attended, columns: columns(.output), site: 3, first), &traces)
    let middle = zip(residual, output).map { $0 + $1 }

    let wide = noisy(normed(middle, .feedForward), columns: columns(.gate), site: 4, first)
    let gate = try linear(.gate, wide, &traces)
    let up = try linear(.up, wide, &traces)
    let product = normed(zip(gate, up).map { activated($0) * $1 }, .feedForwardSub)
    let down = try linear(.down, noisy(product, columns: columns(.down), site: 5, first), &traces)
    return LayerTrace(
      residual: zip(middle, down).map { $0 + $1 }, linears: traces, keys: keys, values: value,
      cachePrecision: cachePrecision)
  }

  private func activated(_ gate: Double) -> Double {
    switch activation {
    case .squaredReLU: max(gate, 0) * max(gate, 0)
    case .silu: gate / (1 + exp(-gate))
    }
  }

  /// As it is where the architecture has no such norm.
  private func normed(_ x: [Double], _ role: NormRole) -> [Double] { norms[role]?.apply(x) ?? x }

  // The initialiser has filled in every role.

  private func columns(_ role: LinearRole) -> Int { linears[role]?.shape.columns ?? 1 }

  private func linear(
    _ role: LinearRole, _ x: [Double], _ traces: inout [LinearRole: LinearTrace]
  ) throws(TernaryError) -> [Double] {
    guard let trace = try linears[role]?.apply(x) else { return [] }
    traces[role] = trace
    return trace.output
  }

  private func noisy(_ x: [Double], columns: Int, site: UInt64, _ first: Int) -> [Double] {
    guard let noise else { return x }
    let position = UInt64(truncatingIfNeeded: first)
    let layer = UInt64(truncatingIfNeeded: index)
    return noise.added(to: x, columns: columns, site: position << 32 | layer << 8 | site)
  }
}
