import Inference
import Testing

@testable import ModelFiles

/// What must hold of any correct transformer.
@Suite struct ReferenceInvariantTests {
  static let architectures: [ModelArchitecture] = [
    .tiny(), .tinyLLaMA(), .tinyLLaMA { $0.isTernary = true }, .tiny { $0.rotaryPairs = .neighbours },
  ]

  @Test(arguments: architectures)
  func laterTokensChangeNothing(_ architecture: ModelArchitecture) throws {
    let reference = try ReferenceTransformer(InMemoryModel(architecture, seed: 1))
    let prompt = tokens(20)
    let whole = try reference.forward(tokens: prompt)
    for count in [1, 2, 19] {
      let part = try reference.forward(tokens: Array(prompt.prefix(count)))
      #expect(part.logits == Array(whole.logits.prefix(part.logits.count)))
      for (part, whole) in zip(part.residuals, whole.residuals) {
        #expect(part == Array(whole.prefix(part.count)))
      }
    }
  }

  @Test(arguments: architectures)
  func earlierTokensMatterInTheirOrder(_ architecture: ModelArchitecture) throws {
    let reference = try ReferenceTransformer(InMemoryModel(architecture, seed: 2))
    let last = try [[3, 4, 5], [9, 4, 5], [4, 3, 5]].map {
      try reference.forward(tokens: $0).logits(ofToken: 2)
    }
    #expect(Set(last).count == 3)
  }

  @Test(arguments: architectures, CachePrecision.allCases)
  func aCacheContinuesAPass(_ architecture: ModelArchitecture, _ precision: CachePrecision) throws {
    let reference = try ReferenceTransformer(
      InMemoryModel(architecture, seed: 3), cachePrecision: precision)
    let prompt = tokens(23)
    let whole = try reference.forward(tokens: prompt)
    var cache = reference.emptyCache()
    var logits: [Double] = []
    for part in [prompt[..<7], prompt[7..<8], prompt[8...]] {
      logits += try reference.forward(tokens: Array(part), cache: &cache).logits
    }
    #expect(logits == whole.logits)
    #expect(cache.positions(inLayer: 1) == 23)
  }

  @Test(arguments: architectures)
  func layersAreAPassStepByStep(_ architecture: ModelArchitecture) throws {
    let reference = try ReferenceTransformer(InMemoryModel(architecture, seed: 4))
    let whole = try reference.forward(tokens: tokens(5))
    var cache = reference.emptyCache()
    var residual = try reference.embed(tokens(5))
    #expect(residual == whole.embedding)
    for layer in 0..<architecture.layers {
      residual = try reference.forwardLayer(layer, residual: residual, cache: &cache).residual
      #expect(residual == whole.residuals[layer + 1])
    }
    #expect(try reference.logits(residual: residual) == whole.logits)
  }

  /// Grouped queries are many heads of which neighbours have equal keys and values.
  @Test(arguments: [ModelArchitecture.tiny(), .tinyLLaMA()], [1, 2, 3])
  func groupsAreRepeatedHeads(_ architecture: ModelArchitecture, keyValueHeads: Int) throws {
    var grouped = architecture
    grouped.keyValueHeads = keyValueHeads
    var full = architecture
    full.keyValueHeads = full.heads
    let model = try InMemoryModel(grouped, seed: 5)
    let block = grouped.headDimension
    let rows = (0..<full.heads * block).map { row in
      row / block / (full.heads / keyValueHeads) * block + row % block
    }
    let repeated = try model.replacing([.key, .value]) { _ in rows }
    let expected = try ReferenceTransformer(model).forward(tokens: tokens(12))
    let found = try ReferenceTransformer(InMemoryModel(full, seed: 5, replacing: repeated)).forward(
      tokens: tokens(12))
    #expect(found.logits == expected.logits)
  }

  /// The two orders of rotary pairs are a permutation of the rows of queries and keys.
  @Test(arguments: [ModelArchitecture.tiny(), .tinyLLaMA { $0.rotaryPairs = .halves }])
  func neighboursAreHalvesInAnotherOrder(_ halves: ModelArchitecture) throws {
    var neighbours = halves
    neighbours.rotaryPairs = .neighbours
    let model = try InMemoryModel(halves, seed: 6)
    let dimension = halves.headDimension
    let permuted = try model.replacing([.query, .key]) { rows in
      (0..<rows).map { row in
        let element = row % dimension
        return row - element + (element.isMultiple(of: 2) ? element / 2 : dimension / 2 + element / 2)
      }
    }
    let expected = try ReferenceTransformer(model).forward(tokens: tokens(12)).logits
    let found = try ReferenceTransformer(InMemoryModel(neighbours, seed: 6, replacing: permuted)).forward(
      tokens: tokens(12)
    ).logits
    // Products are added in another order.
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-10 })
    let unchanged = try ReferenceTransformer(InMemoryModel(neighbours, seed: 6)).forward(tokens: tokens(12))
      .logits
    #expect(zip(unchanged, expected).contains { abs($0 - $1) > 1e-3 })
  }

  /// One token attends to itself alone, so the output projection's input is its value, or the norm of that.
  @Test(arguments: [false, true])
  func subNormsComeBeforeTheProjections(_ hasSubNorms: Bool) throws {
    let architecture = ModelArchitecture.tiny { $0.hasSubNorms = hasSubNorms }
    let model = try InMemoryModel(architecture, seed: 7)
    let layer = try #require(
      try ReferenceTransformer(model, cachePrecision: .exact).forward(tokens: [8]).layers.first)
    let (output, down) = (try #require(layer.linears[.output]), try #require(layer.linears[.down]))
    let (gate, up) = (try #require(layer.linears[.gate]), try #require(layer.linears[.up]))
    let attended = (0..<48).map { layer.values[$0 / 24 * 8 + $0 % 8] }
    let product = zip(gate.output, up.output).map { max($0, 0) * max($0, 0) * $1 }
    for (input, value, norm) in [
      (output.input, attended, NormRole.attentionSub), (down.input, product, .feedForwardSub),
    ] {
      let root = (value.reduce(0) { $0 + $1 * $1 } / Double(value.count) + Double(Float(1e-5))).squareRoot()
      let expected =
        hasSubNorms
        ? zip(value, try model.vector(.norm(norm, layer: 0))).map { $0 / root * Double($1) } : value
      #expect(zip(input, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test(arguments: architectures)
  func randomModelsStayOfOrderOne(_ architecture: ModelArchitecture) throws {
    let trace = try ReferenceTransformer(InMemoryModel(architecture, seed: 8)).forward(tokens: tokens(10))
    for stage in trace.residuals + [trace.logits] {
      let mean = stage.reduce(0) { $0 + $1 * $1 } / Double(stage.count)
      #expect((0.1...300).contains(mean))
    }
  }

  @Test func badInputIsRefused() throws {
    let reference = try ReferenceTransformer(InMemoryModel(.tiny(), seed: 9))
    #expect(throws: ReferenceError.token(50, vocabulary: 50)) { try reference.forward(tokens: [1, 50]) }
    #expect(throws: ReferenceError.token(-1, vocabulary: 50)) { try reference.forward(tokens: [-1]) }
    #expect(throws: ReferenceError.token(nil, vocabulary: 50)) { try reference.forward(tokens: []) }
    #expect(throws: ReferenceError.residual(elements: 41, hiddenSize: 40)) {
      try reference.logits(residual: Array(repeating: 0, count: 41))
    }
    var cache = reference.emptyCache()
    #expect(throws: ReferenceError.layer(2, layers: 2)) {
      try reference.forwardLayer(2, residual: Array(repeating: 0, count: 40), cache: &cache)
    }
    for change in [
      { $0.keyValueHeads = 4 }, { $0.headDimension = 7 }, { $0.layers = 0 }, { $0.vocabulary = -1 },
    ] as [(inout ModelArchitecture) -> Void] {
      #expect(throws: ReferenceError.self) {
        try ReferenceTransformer(InMemoryModel(.tiny(change), seed: 9))
      }
    }
  }
}

extension InMemoryModel {
  /// Matrices of all layers with their rows chosen anew.
  ///
  /// - Parameter rows: Of a matrix with so many rows, which ones the new matrix has.
  fileprivate func replacing(
    _ roles: [LinearRole], rows chosen: (Int) -> [Int]
  ) throws -> [TensorRole: LinearWeights] {
    var replaced: [TensorRole: LinearWeights] = [:]
    for layer in 0..<architecture.layers {
      for role in roles {
        replaced[.linear(role, layer: layer)] = try linear(role, layer: layer).choosing(rows: chosen)
      }
    }
    return replaced
  }
}
