import CKernels
import Ternary
import Testing

@testable import KernelZoo

/// Attention at every instruction set level against double precision.
@Suite struct AttentionTests {
  static let levels = InstructionSetLevel.available
  typealias Shape = AttentionProblem.Shape

  /// Few and many rows, with and without earlier positions, below, at and above blocks of 64 positions and 96 rows.
  static let shapes: [Shape] = {
    var shapes: [Shape] = []
    for heads in [1, 2, 3, 4, 5, 8] {
      for first in [0, 1, 62, 63, 64, 200] {
        shapes.append(Shape(firstPosition: first, heads: heads, dimension: 128))
      }
    }
    for dimension in [2, 6, 16, 34, 64, 80, 96, 100, 256] {
      shapes.append(Shape(firstPosition: 77, heads: 3, dimension: dimension))
      shapes.append(Shape(queries: 33, firstPosition: 50, heads: 3, dimension: dimension))
    }
    for queries in [2, 3, 7, 16, 17, 47, 48, 49, 63, 64, 65, 96, 97, 130] {
      shapes.append(Shape(queries: queries, heads: 1, dimension: 32))
      shapes.append(Shape(queries: queries, firstPosition: 61, heads: 2, dimension: 32))
    }
    shapes.append(Shape(queries: 200, firstPosition: 300, heads: 4, dimension: 64))
    shapes.append(Shape(firstPosition: 4095, heads: 4, dimension: 64))
    return shapes
  }()

  @Test(arguments: levels)
  func softmaxOfProducts(_ level: InstructionSetLevel) {
    for shape in Self.shapes {
      for magnitude: Float in [0, 1, 8] {
        let problem = AttentionProblem(shape, seed: 3, magnitude: magnitude)
        let bound = problem.bound
        let result = worst(problem.attend(isa: level.isa), problem.expected) { _ in bound }
        #expect(result.ratio <= 1, "\(shape), up to \(magnitude), element \(result.index)")
      }
    }
  }

  /// Scores far apart: the largest one takes all, wherever it is.
  @Test(arguments: levels)
  func farScores(_ level: InstructionSetLevel) {
    for shape in [Shape(firstPosition: 130, heads: 4), Shape(queries: 70, firstPosition: 100, heads: 2)] {
      let problem = AttentionProblem(shape, seed: 4, magnitude: 100)
      let y = problem.attend(isa: level.isa)
      #expect(y.allSatisfy { abs($0) <= 1 }, "\(shape)")
      let far = zip(y, problem.expected).filter { abs(Double($0) - $1) > problem.bound }.count
      #expect(far == 0, "\(shape)")
    }
  }

  @Test(arguments: levels)
  func laterPositionsDoNotMatter(_ level: InstructionSetLevel) {
    for shape in [
      Shape(queries: 100, firstPosition: 20, heads: 1, dimension: 32),
      Shape(queries: 7, firstPosition: 60, heads: 1),
      Shape(queries: 150, heads: 2, dimension: 36),
    ] {
      let problem = AttentionProblem(shape)
      let before = problem.attend(isa: level.isa)
      for known in [0, 1, 3, shape.queries / 2, shape.queries - 1] {
        var changed = problem
        for i in (shape.firstPosition + known + 1) * problem.cacheStride..<changed.keys.count {
          changed.keys[i] = 1000
          changed.values[i] = -60000
        }
        let count = (known + 1) * shape.heads * shape.dimension
        let after = changed.attend(isa: level.isa)
        #expect(after.prefix(count) == before.prefix(count), "\(shape), the first \(known + 1) tokens")
        #expect(known == shape.queries - 1 || after != before)
      }
    }
  }

  /// Parts may take another way through the blocks, but not farther than both bounds.
  @Test(arguments: levels)
  func splitsAgree(_ level: InstructionSetLevel) {
    let problem = AttentionProblem(Shape(queries: 110, firstPosition: 40, heads: 5, dimension: 80))
    let whole = problem.attend(isa: level.isa).map(Double.init)
    for queries in [[0..<1, 1..<3, 3..<110], [0..<50, 50..<110], (0..<110).map { $0..<$0 + 1 }] {
      for heads in [[0..<5], [0..<1, 1..<5], [0..<2, 2..<4, 4..<5]] {
        let parts = problem.attend(isa: level.isa, queries: queries, heads: heads)
        let result = worst(parts, whole) { _ in 2 * problem.bound }
        #expect(result.ratio <= 1, "\(queries.count) x \(heads.count) parts, element \(result.index)")
      }
    }
  }

  @Test func workspaceFitsIntoL2() {
    #expect(bl_attention_workspace_bytes(512, 8, 128) <= 256 << 10)
    #expect(bl_attention_workspace_bytes(512, 8, 256) <= 512 << 10)
    #expect(bl_attention_workspace_bytes(1, 4, 128) <= bl_attention_workspace_bytes(512, 8, 128))
  }
}
