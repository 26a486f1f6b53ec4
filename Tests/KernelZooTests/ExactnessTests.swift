import CKernels
import Ternary
import Testing

@testable import KernelZoo

extension Kernel: CustomTestStringConvertible {
  /// The name, so that a failing case says which kernel.
  public var testDescription: String { name }
}

/// Every kernel this machine can run, at every instruction set level, against the reference.
@Suite struct ExactnessTests {
  static let kernels = KernelRegistry.available(on: .ofThisCPU)

  static let tokens = [1, 2, 3, 12, 13, 37]
  static let outFeatures = [1, 2, 15, 17, 31, 33, 63, 64, 67, 129]
  static let inFeatures = [1, 2, 3, 4, 5, 7, 31, 32, 63, 64, 65, 67, 127, 128, 129, 191, 255, 257, 511, 641]

  @Test func theReferenceKernelEqualsTheSwiftReference() throws {
    var random = SeededGenerator(seed: 7)
    for (tokens, outFeatures, inFeatures) in [(1, 1, 1), (3, 5, 7), (2, 17, 129), (4, 33, 300)] {
      let x = (0..<tokens * inFeatures).map { _ in Int8.random(in: -128...127, using: &random) }
      let w = (0..<outFeatures * inFeatures).map { _ in Int8.random(in: -128...127, using: &random) }
      let expected = try referenceMatmul(x: x, weights: w, inFeatures: inFeatures)
      let sums = CReference.matmul(
        x: x, weights: w, tokens: tokens, outFeatures: outFeatures, inFeatures: inFeatures)
      #expect(sums == expected)
    }
  }

  @Test(arguments: kernels)
  func equalsTheReferenceOnAwkwardShapes(_ kernel: Kernel) {
    var seed: UInt64 = 0
    // Floats are checked in Swift, which is slow without optimisation: fewer shapes say as much.
    let isFloat = kernel.packing.weightKind == .float
    for tokens in isFloat ? [1, 2, 13] : Self.tokens {
      for outFeatures in isFloat ? [1, 17, 67] : Self.outFeatures {
        for inFeatures in isFloat ? [1, 3, 33, 129] : Self.inFeatures {
          seed += 1
          let trial = KernelTrial(
            kernel: kernel.descriptor, tokens: tokens, outFeatures: outFeatures, inFeatures: inFeatures,
            seed: seed)
          let outcome = trial.run()
          let place = "M=\(tokens) N=\(outFeatures) K=\(inFeatures) seed \(seed)"
          #expect(outcome.mismatch == nil, "\(place): \(outcome.mismatch ?? "")")
          #expect(outcome.roundTrips, "\(place): unpacking does not give the weights back")
          #expect(outcome.packedBytes <= outcome.packedBytesBound, "\(place): larger than its bound")
          if outcome.mismatch != nil { return }
        }
      }
    }
  }

  /// The largest sums that int8 and int16 partial sums may meet, on the models' awkward widths.
  @Test(arguments: kernels, KernelTrial.Fill.allCases)
  func equalsTheReferenceAtTheExtremes(_ kernel: Kernel, _ fill: KernelTrial.Fill) {
    let isFloat = kernel.packing.weightKind == .float
    let shapes =
      isFloat ? [(2, 3, 5460)] : [(1, 67, 8640), (3, 65, 5460), (13, 5, 8640), (181, 5, 640)]
    for (tokens, outFeatures, inFeatures) in shapes {
      let trial = KernelTrial(
        kernel: kernel.descriptor, tokens: tokens, outFeatures: outFeatures, inFeatures: inFeatures,
        fill: fill,
        seed: 11)
      let outcome = trial.run()
      #expect(
        outcome.mismatch == nil,
        "M=\(tokens) N=\(outFeatures) K=\(inFeatures) \(fill): \(outcome.mismatch ?? "")")
      #expect(outcome.roundTrips)
    }
  }
}
