import KernelZoo
import ModelFiles
import Synchronization

@testable import Inference

/// What the fast path makes of tokens that it sees piece by piece.
struct FastPath {
  /// Of one piece.
  struct Piece {
    let tokens: [Int]
    /// After each layer, tokens × hidden size.
    let residuals: [[Float]]
    /// After the last token.
    let logits: [Float]
  }

  let pieces: [Piece]
  let matricesInPlace: Int
  let matricesAsInFile: Int
  /// After the last token of all.
  var logits: [Float] { pieces.last?.logits ?? [] }
  /// Whether all scores are numbers.
  var isFinite: Bool { pieces.allSatisfy { $0.logits.allSatisfy(\.isFinite) } }

  init(
    _ source: any ModelSource, kernel: Kernel, placement: ModelWeights.Placement = .inFile, pieces: [[Int]],
    workers: Int = 1
  ) throws {
    let team = ThreadTeam(workers)
    let weights = try ModelWeights(source, kernel: kernel, placement: placement, team: team)
    matricesInPlace = weights.matricesInPlace
    matricesAsInFile = weights.matricesAsInFile
    let transformer = try Transformer(weights, capacity: pieces.reduce(0) { $0 + $1.count }, team: team)
    let residuals = Mutex<[[Float]]>([])
    transformer.onLayer = { layer, residual in
      residuals.withLock {
        // The order of the calls is part of what is tested.
        if layer == $0.count { $0.append(Array(residual)) }
      }
    }
    self.pieces = try pieces.map { tokens in
      residuals.withLock { $0 = [] }
      let logits = try transformer.scores(after: tokens)
      return Piece(tokens: tokens, residuals: residuals.withLock { $0 }, logits: logits)
    }
  }
}

extension Transformer {
  /// The scores after some tokens, copied while the transformer lives.
  func scores(after tokens: [Int]) throws -> [Float] { Array(try see(tokens)) }
}

extension Kernel {
  /// Those that run here and give what the definition of a ternary model with int8 activations demands, bit for bit.
  static let exactTernary = KernelRegistry.available(on: .ofThisCPU).filter {
    [.ternary, .int8].contains($0.packing.weightKind) && $0.activations == .int8 && $0.isExact
  }

  /// Those for floats that run here.
  static let float = KernelRegistry.available(on: .ofThisCPU).filter { $0.packing.weightKind == .float }
}
