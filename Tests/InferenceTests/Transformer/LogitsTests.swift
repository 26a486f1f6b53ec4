import KernelZoo
import ModelFiles
import Testing

@testable import Inference

/// Scores of whole passes.
@Suite struct LogitsTests {
  struct Model: Sendable, CustomTestStringConvertible {
    let name: String
    let architecture: ModelArchitecture
    var testDescription: String { name }
  }

  static let models = [
    Model(name: "2B4T", architecture: .tiny()),
    Model(
      name: "heads of 10, one of keys",
      architecture: .tiny {
        ($0.hiddenSize, $0.intermediateSize, $0.heads, $0.keyValueHeads, $0.headDimension) = (
          136, 264, 3, 1, 10
        )
      }),
    Model(
      name: "ternary LLaMA, width 256",
      architecture: .tinyLLaMA {
        ($0.isTernary, $0.hiddenSize, $0.intermediateSize) = (true, 256, 512)
        ($0.heads, $0.keyValueHeads, $0.headDimension, $0.layers) = (4, 2, 64, 1)
      }),
  ]
  /// A prompt, decoded tokens, and a second prompt.
  static let pieces = [tokens(5), [7], [1], Array(tokens(20).suffix(11))]

  /// Integers are summed without error, everything else is computed alike: what differs is wrong.
  @Test(arguments: models) func exactKernelsGiveTheSameBits(_ model: Model) throws {
    let source = try InMemoryModel(model.architecture, seed: 41)
    let reference = try #require(Kernel.exactTernary.first)
    #expect(Set(Kernel.exactTernary.map(\.level)).isSuperset(of: InstructionSetLevel.available.prefix(2)))
    for workers in [1, 2] {
      let expected = try FastPath(source, kernel: reference, pieces: Self.pieces, workers: workers)
      #expect(expected.isFinite)
      for kernel in Kernel.exactTernary {
        let found = try FastPath(source, kernel: kernel, pieces: Self.pieces, workers: workers).pieces
        for (found, expected) in zip(found, expected.pieces) {
          let isSame =
            found.logits.map(\.bitPattern) == expected.logits.map(\.bitPattern)
            && found.residuals == expected.residuals
          #expect(isSame, "\(kernel), \(workers) workers, \(found.tokens.count) tokens")
        }
      }
    }
  }

  /// The share of a worker may be empty, and no sum depends on how many there are: where query heads that share keys go
  /// to different workers, the attention rounds otherwise, so here none do.
  @Test(arguments: [2, 3, 5, 8]) func theNumberOfWorkersChangesNoBit(workers: Int) throws {
    for model in Self.models {
      var architecture = model.architecture
      architecture.keyValueHeads = architecture.heads
      let source = try InMemoryModel(architecture, seed: 42)
      let kernel = try #require(KernelChoice.standard(for: source, on: .ofThisCPU))
      let one = try FastPath(source, kernel: kernel, pieces: Self.pieces)
      let many = try FastPath(source, kernel: kernel, pieces: Self.pieces, workers: workers)
      for (found, expected) in zip(many.pieces, one.pieces) {
        #expect(found.logits == expected.logits, "\(model.name), \(found.tokens.count) tokens")
      }
    }
  }

  /// Float kernels take the weights of a ternary model as floats.
  @Test func floatKernelsSeeTernaryWeightsAsFloats() throws {
    let architecture = ModelArchitecture.tiny()
    let ternary = try InMemoryModel(architecture, seed: 43)
    var replaced: [TensorRole: LinearWeights] = [:]
    for role in architecture.tensorRoles {
      guard case .linear(let linear, let layer) = role,
        case .ternary(let matrix) = try ternary.linear(linear, layer: layer)
      else { continue }
      replaced[role] = .float(matrix.rows, matrix.columns, matrix.values.map { Float($0) * matrix.scale })
    }
    #expect(replaced.count == 14)
    let floats = try InMemoryModel(.tiny { $0.isTernary = false }, seed: 43, replacing: replaced)
    for kernel in Kernel.float {
      let found = try FastPath(ternary, kernel: kernel, pieces: Self.pieces, workers: 2)
      let expected = try FastPath(floats, kernel: kernel, pieces: Self.pieces, workers: 2)
      #expect(found.logits == expected.logits, "\(kernel)")
    }
  }

  /// A wrong computation gives other logits altogether; a right one in Float differs from the reference by what
  /// rounding makes of small errors. How much that is, is what the reference's logits change by when errors as large as
  /// the fast path's (a few hundred roundings of 2^-24) are added before everything that is rounded. The bound of each
  /// single layer is in ``LayerAgreementTests``; through several layers no bound would mean anything.
  @Test(arguments: [1, 2, 63, 64, 65]) func logitsAreTheReferencesUpToRounding(length: Int) throws {
    let prompt = tokens(length)
    let splits = [[length], [length / 2, length - length / 2], [length - 1, 1]].map { $0.filter { $0 > 0 } }
    let architectures = [
      ModelArchitecture.tiny(), .tinyLLaMA { $0.isTernary = true }, .tinyLLaMA(),
      .tinyLLaMA { $0.layers = 3 },
    ]
    for (number, architecture) in architectures.enumerated() {
      let source = try InMemoryModel(architecture, seed: 44)
      let exact = try ReferenceTransformer(source).forward(tokens: prompt).logits(ofToken: length - 1)
      let noisy = try (1...4).map { (seed: UInt64) in
        let noise = RoundingNoise(relativeError: 2e-5, seed: seed)
        return try ReferenceTransformer(source, noise: noise).forward(tokens: prompt).logits(
          ofToken: length - 1)
      }
      // Of four, twice the largest: an eighth of the tail of one.
      let tolerance = 2 * noisy.reduce(0) { max($0, Self.distance($1, exact)) }
      #expect(tolerance < 0.2, "the noise hides what is wrong")
      let kernel = try #require(
        architecture.isTernary
          ? KernelChoice.standard(for: source, on: .ofThisCPU)
          : KernelRegistry.best(on: .ofThisCPU).first { $0.packing.name == "fp32" })
      for split in splits {
        let found = try FastPath(source, kernel: kernel, pieces: prompt.split(into: split), workers: 2)
        let distance = Self.distance(found.logits.map(Double.init), exact)
        #expect(distance <= tolerance, "architecture \(number), split \(split)")
      }
    }
  }

  /// The root mean square of the difference, in units of that of `b`.
  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let squares = b.reduce(0) { $0 + $1 * $1 }
    return (zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / squares).squareRoot()
  }
}

extension Array {
  /// Pieces of these sizes.
  func split(into counts: [Int]) -> [[Element]] {
    var rest = self[...]
    return counts.map { count in
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}
