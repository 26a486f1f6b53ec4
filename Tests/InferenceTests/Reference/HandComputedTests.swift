import Foundation
import Inference
import ModelFiles
import Testing

/// One layer, two elements: small enough to compute on paper.
@Suite struct HandComputedTests {
  private static func architecture(isTernary: Bool) -> ModelArchitecture {
    .tiny { architecture in
      (architecture.vocabulary, architecture.hiddenSize, architecture.intermediateSize) = (2, 2, 2)
      (architecture.layers, architecture.heads, architecture.keyValueHeads) = (1, 1, 1)
      (architecture.headDimension, architecture.normEpsilon) = (2, 0)
      (architecture.isTernary, architecture.hasSubNorms) = (isTernary, isTernary)
    }
  }

  private static func tensors(
    embedding: [Float], _ linears: [LinearRole: LinearWeights]
  ) -> [TensorRole: LinearWeights] {
    var tensors: [TensorRole: LinearWeights] = [
      .embedding: .float(2, 2, embedding), .outputNorm: .float(1, 2, [1, 2]),
    ]
    for norm in NormRole.allCases { tensors[.norm(norm, layer: 0)] = .float(1, 2, [1, 1]) }
    for (role, weights) in linears { tensors[.linear(role, layer: 0)] = weights }
    return tensors
  }

  /// Both tokens have the root mean square 1; all matrices but the last are identities.
  ///
  /// Token 0 attends to itself alone: (1, 1) + (1, 1). The query of token 1, (1, -1), is turned by one radian, as its
  /// key is. With its own key the product is 2, with (1, 1) it is q = (cos 1 + sin 1, sin 1 - cos 1) summed: 2 sin 1.
  @Test func twoTokensOfFloats() throws {
    let architecture = Self.architecture(isTernary: false)
    let identity = LinearWeights.float(2, 2, [1, 0, 0, 1])
    var tensors = Self.tensors(
      embedding: [1, 1, 1, -1],
      [
        .query: identity, .key: identity, .value: identity, .output: identity, .gate: identity, .up: identity,
        .down: .float(2, 2, [0, 2, -1, 0]),
      ])
    for norm in [NormRole.attentionSub, .feedForwardSub] { tensors[.norm(norm, layer: 0)] = nil }
    let model = try InMemoryModel(architecture, seed: 0, replacing: tensors)
    let trace = try ReferenceTransformer(model, cachePrecision: .exact).forward(tokens: [0, 1])
    let share = 1 / (1 + exp((2 * sin(1) - 2) / 2.0.squareRoot()))  // of token 1 in its own attention
    let middle: [Double] = [2, 2, 2, 1 - 2 * share - 1]
    // Gate and up are the norm (x, y): (x³, y³) where positive. Token 0's is (1, 1); of token 1 only x is positive.
    let root = ((middle[2] * middle[2] + middle[3] * middle[3]) / 2).squareRoot()
    let cube = 8 / (root * root * root)
    let expected: [Double] = [2 + 2, 2 - 1, 2, middle[3] - cube]
    let residual = try #require(trace.layers.first).residual
    #expect(zip(residual, expected).allSatisfy { abs($0 - $1) < 1e-14 }, "\(residual) is not \(expected)")
    // The last norm's weights are (1, 2), the head's rows (1, 1) and (1, -1).
    let last = (8.5).squareRoot()
    #expect(abs(trace.logits[0] - (4 + 2) / last) < 1e-14)
    #expect(abs(trace.logits[1] - (4 - 2) / last) < 1e-14)
  }

  /// The norm of (3, 4) is √2 · (0.6, 0.8), as int8 (95, 127): 127 · 3 / 4 = 95.25. Values are half of (95, -127) of
  /// those steps, which the sub-norm makes (95, -127) / r of root mean square 1, the largest of them int8's -127
  /// again. The output projection has the scale 2: 2 · ((95 - 127) / r, -127 / r).
  @Test func oneTokenOfTrits() throws {
    let identity = try LinearWeights.trits(2, 2, [1, 0, 0, 1], scale: 1)
    let model = try InMemoryModel(
      Self.architecture(isTernary: true), seed: 0,
      replacing: Self.tensors(
        embedding: [3, 4, 0, 1],
        [
          .query: identity, .key: identity, .value: .trits(2, 2, [1, 0, 0, -1], scale: 0.5),
          .output: .trits(2, 2, [1, 1, 0, 1], scale: 2), .gate: identity, .up: identity,
          .down: .trits(2, 2, [1, 1, 0, -1], scale: 4),
        ]))
    let trace = try ReferenceTransformer(model, cachePrecision: .exact).forward(tokens: [0])
    let layer = try #require(trace.layers.first)
    #expect(layer.linears[.value]?.quantized?.values == [95, 127])
    #expect(layer.linears[.output]?.quantized?.values == [95, -127])
    let r = Double((95 * 95 + 127 * 127) / 2).squareRoot()
    let middle = [3 - 64 / r, 4 - 254 / r]  // 2.429.., 1.735..
    // Its norm has 127 · 1.735 / 2.429 = 90.7; gate and up are steps of the same size, so that their product is
    // (127³, 91³) of something; its norm as int8 is (127, 127 · (91 / 127)³ = 46.7).
    #expect(layer.linears[.gate]?.quantized?.values == [127, 91])
    #expect(layer.linears[.down]?.quantized?.values == [127, 47])
    // The sub-norm's first element is 127³ over the root mean square, and 127 steps of it go into the last product.
    let (a, b) = (127.0 * 127 * 127, 91.0 * 91 * 91)
    let step = a / ((a * a + b * b) / 2).squareRoot() / 127
    let expected = [middle[0] + 4 * (127 + 47) * step, middle[1] - 4 * 47 * step]
    // Activation scales are rounded to Float.
    #expect(
      zip(layer.residual, expected).allSatisfy { abs($0 - $1) < 2e-6 }, "\(layer.residual) is not \(expected)"
    )
  }
}
