import KernelZoo
import ModelFiles
import Testing

@testable import Inference

/// Every layer of the fast path against the reference's, from the fast path's own input, so that errors do not add up
/// over layers and the bound is sound.
@Suite struct LayerAgreementTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let architecture: ModelArchitecture
    var workers = 2
    var lengths = [1, 2, 5, 63, 64, 65]
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "2B4T", architecture: .tiny()),
    Case(name: "2B4T, one worker", architecture: .tiny(), workers: 1, lengths: [2, 65]),
    Case(
      name: "2B4T, a group of heads over several workers", architecture: .tiny(), workers: 5,
      lengths: [2, 65]),
    Case(name: "ternary LLaMA", architecture: .tinyLLaMA { $0.isTernary = true }),
    Case(name: "LLaMA", architecture: .tinyLLaMA()),
    Case(
      name: "three heads of 10, one of keys",
      architecture: .tiny {
        ($0.heads, $0.keyValueHeads, $0.headDimension, $0.layers) = (3, 1, 10, 1)
        ($0.hiddenSize, $0.intermediateSize) = (133, 259)
      }),
    Case(
      name: "heads of 64, no groups",
      architecture: .tinyLLaMA { ($0.heads, $0.keyValueHeads, $0.headDimension, $0.layers) = (2, 2, 64, 1) }),
    Case(
      name: "heads of 80, halves",
      architecture: .tinyLLaMA {
        ($0.heads, $0.keyValueHeads, $0.headDimension, $0.layers) = (3, 1, 80, 1)
        $0.rotaryPairs = .halves
      }, workers: 3),
    Case(
      name: "SwiGLU with sub-norms, neighbours",
      architecture: .tiny {
        ($0.activation, $0.rotaryPairs, $0.tiedEmbeddings) = (.silu, .neighbours, false)
      }),
  ]

  /// How a prompt is seen: at once, token by token, and cut in two.
  static func splits(of length: Int) -> [[Int]] {
    switch length {
    case 63: [[63]]
    case 64: [[64], [31, 33]]
    case 65: [[65], Array(repeating: 1, count: 65), [1, 64], [64, 1]]
    default: [[length], Array(repeating: 1, count: length)] + (1..<length).map { [$0, length - $0] }
    }
  }

  @Test(arguments: cases) func everyLayerIsTheReferencesWithinItsBound(_ example: Case) throws {
    let source = try InMemoryModel(example.architecture, seed: 90)
    let kernel = try Self.kernel(for: source)
    var close = Share()
    for length in example.lengths {
      for split in Self.splits(of: length) {
        let pieces = tokens(length).split(into: split)
        let found = try FastPath(source, kernel: kernel, pieces: pieces, workers: example.workers)
        close += try Self.compare(found, with: source, kernel, "\(example.name), \(split)")
      }
    }
    #expect(close.share > 0.9, "\(example.name): \(close)")
  }

  /// By each of the kernels for floats: their rounding errors are part of the bound.
  @Test(arguments: Kernel.float) func floatKernelsStayWithinTheirBound(_ kernel: Kernel) throws {
    let source = try InMemoryModel(.tinyLLaMA { $0.headDimension = 10 }, seed: 91)
    for split in [[9], [8, 1]] {
      let found = try FastPath(source, kernel: kernel, pieces: tokens(9).split(into: split), workers: 2)
      _ = try Self.compare(found, with: source, kernel, "\(split)")
    }
  }

  /// Few tokens stay close when the computation is another one, however little.
  @Test(arguments: ["pairs", "base", "activation", "epsilon", "groups", "cache"]) func aDifferenceIsSeen(
    _ change: String
  ) throws {
    let architecture = ModelArchitecture.tinyLLaMA()
    var other = architecture
    switch change {
    case "pairs": other.rotaryPairs = .halves
    case "base": other.rotaryBase = 10_100
    case "activation": other.activation = .squaredReLU
    case "epsilon": other.normEpsilon = 2e-5
    case "groups": (other.heads, other.keyValueHeads, other.headDimension) = (3, 1, 16)
    default: break
    }
    let source = try InMemoryModel(architecture, seed: 92)
    let found = try FastPath(
      InMemoryModel(other, seed: 92), kernel: Self.kernel(for: source), pieces: [tokens(20)])
    var close = Share()
    try Self.compare(
      found, with: source, Self.kernel(for: source), cachePrecision: change == "cache" ? .exact : .float16
    ) { difference, _, size, _ in
      close += Share(close: difference < Self.closeness * size ? 1 : 0, all: 1)
    }
    #expect(close.share < 0.4, "\(close)")
  }

  private static func kernel(for source: InMemoryModel) throws -> Kernel {
    try #require(
      source.architecture.isTernary
        ? KernelChoice.standard(for: source, on: .ofThisCPU)
        : KernelRegistry.best(on: .ofThisCPU).first { $0.packing.name == "fp32" })
  }

  /// The bound holds for the worst that can happen, and where a value can round the other way it is wide. What does
  /// happen is that errors stay near 2^-22 of a token's values and seldom reach a boundary: 1 of some hundred tokens
  /// has a step of int8 or binary16 that the reference has not. All others must be as close as this.
  private static let closeness = 1e-5

  /// How many tokens of all are close.
  struct Share: CustomStringConvertible {
    var close = 0
    var all = 0
    var share: Double { Double(close) / Double(all) }
    var description: String { "\(close) of \(all) tokens are close" }
    static func += (left: inout Share, right: Share) {
      (left.close, left.all) = (left.close + right.close, left.all + right.all)
    }
  }

  private static func compare(
    _ found: FastPath, with source: InMemoryModel, _ kernel: Kernel, _ what: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws -> Share {
    var share = Share()
    var failure: String?
    try compare(found, with: source, kernel) { difference, bound, size, place in
      share += Share(close: difference < closeness * size ? 1 : 0, all: 1)
      if !(difference <= bound), failure == nil { failure = "\(place): \(difference) > \(bound)" }
    }
    #expect(failure == nil, "\(what), \(kernel)", sourceLocation: location)
    return share
  }

  /// Gives of each token a difference and its bound, where it is the largest part of it, and the root mean square of
  /// the expected values.
  private static func compare(
    _ found: FastPath, with source: InMemoryModel, _ kernel: Kernel,
    cachePrecision: CachePrecision = .float16,
    _ report: (_ difference: Double, _ bound: Double, _ size: Double, _ place: String) -> Void
  ) throws {
    let model = source.architecture
    let reference = try ReferenceTransformer(source, cachePrecision: cachePrecision)
    var cache = reference.emptyCache()
    var bounds = try (0..<model.layers).map { try LayerErrorBound(layer: $0, of: source, kernel: kernel) }
    for (number, piece) in found.pieces.enumerated() {
      try #require(piece.residuals.count == model.layers)
      var input = try reference.embed(piece.tokens)
      for layer in 0..<model.layers {
        let trace = try reference.forwardLayer(layer, residual: input, cache: &cache)
        let bound = bounds[layer].next(trace, input: input)
        input = piece.residuals[layer].map(Double.init)
        try #require(input.count == trace.residual.count)
        for token in piece.tokens.indices {
          reportWorst(
            input, trace.residual, bound, token * model.hiddenSize..<(token + 1) * model.hiddenSize,
            "piece \(number), layer \(layer), token \(token)", report)
        }
      }
      let last = Array(input.suffix(model.hiddenSize))
      let (logits, bound) = try head(last, reference, source)
      reportWorst(
        piece.logits.map(Double.init), logits, bound, logits.indices, "logits of piece \(number)", report)
    }
  }

  /// The element whose difference is largest in units of its bound.
  private static func reportWorst(
    _ found: [Double], _ expected: [Double], _ bound: [Double], _ elements: Range<Int>, _ place: String,
    _ report: (Double, Double, Double, String) -> Void
  ) {
    func excess(_ index: Int) -> Double {
      let excess = (found[index] - expected[index]).magnitude / bound[index]
      return excess.isNaN ? .infinity : excess
    }
    let worst = elements.max { excess($0) < excess($1) } ?? elements.lowerBound
    let squares = expected[elements].reduce(0) { $0 + $1 * $1 }
    report(
      (found[worst] - expected[worst]).magnitude, bound[worst],
      (squares / Double(elements.count)).squareRoot(), place)
  }

  /// Scores after a token, from its residual stream: a norm and sums of products in Float.
  private static func head(
    _ residual: [Double], _ reference: ReferenceTransformer, _ source: InMemoryModel
  ) throws -> (logits: [Double], bound: [Double]) {
    let model = source.architecture
    let weight = try source.vector(.outputNorm)
    let zeros = [Double](repeating: 0, count: residual.count)
    let normErrors = LayerErrorBound.norm(residual, zeros, weight: weight, epsilon: model.normEpsilon)
    let normed = ReferenceNorm(weight: weight, epsilon: model.normEpsilon).apply(residual)
    let rounding = Double(model.hiddenSize + 4) * 0x1p-24
    let perInput = zip(normed, normErrors).map { ($0.magnitude + $1) * rounding + $1 }
    let rows = try source.rows(0..<model.vocabulary, of: model.tiedEmbeddings ? .embedding : .head)
    return (
      try reference.logits(residual: residual),
      ReferenceLinear.multiply(perInput, rows.map(\.magnitude), columns: model.hiddenSize)
    )
  }
}
