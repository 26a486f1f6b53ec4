import CKernels
import Ternary
import Testing

@testable import KernelZoo

/// The C quantiser and rescaler at every instruction set level against the Swift definition, bit for bit.
@Suite struct QuantisationTests {
  static let levels = InstructionSetLevel.available

  @Test(arguments: levels, ActivationQuantization.allCases)
  func equalsTheSwiftDefinition(_ level: InstructionSetLevel, _ kind: ActivationQuantization) throws {
    var random = SeededGenerator(seed: 5)
    let isa = level.allowed.intersection(.ofThisCPU).rawValue
    for inFeatures in [1, 2, 15, 16, 17, 33, 100, 257, 1021] {
      for magnitude: Float in [0, 1e-7, 0.4, 3, 1e20] {
        let tokens = 2
        let x = (0..<tokens * inFeatures).map { _ in Float.random(in: -1...1, using: &random) * magnitude }
        let expected = try kind.quantize(x, tokens: tokens)
        var q = [Int8](repeating: 99, count: x.count)
        var scales = [Float](repeating: 0, count: tokens)
        bl_quantise_activations(kind.cKind, isa, inFeatures, 0, tokens, x, &q, &scales)
        #expect(q == expected.values, "K=\(inFeatures), |x| up to \(magnitude)")
        #expect(scales == expected.scales, "K=\(inFeatures), |x| up to \(magnitude)")

        var inParts = [Int8](repeating: 99, count: inFeatures)
        for columns in [0..<inFeatures / 3, inFeatures / 3..<inFeatures] {
          var scale: Float = 0
          bl_quantise_columns(
            kind.cKind, isa, inFeatures, columns.lowerBound, columns.upperBound, x, &inParts, &scale)
          #expect(scale == expected.scales[0], "columns \(columns) of \(inFeatures)")
        }
        #expect(inParts == Array(expected.values.prefix(inFeatures)), "K=\(inFeatures) in parts")
      }
    }
  }

  @Test(arguments: levels)
  func rescalesInPlace(_ level: InstructionSetLevel) {
    let sums = (0..<100).map { Int32($0 * 1_000_003 - 50_000_000) }
    var y = [Float](repeating: 0, count: sums.count)
    bl_rescale(level.allowed.intersection(.ofThisCPU).rawValue, sums.count, 0.125, sums, &y)
    #expect(y == sums.map { Float($0) * 0.125 })
  }
}

extension ActivationQuantization {
  fileprivate var cKind: bl_activation_kind {
    switch self {
    case .int8: BL_ACTIVATIONS_INT8
    case .int4: BL_ACTIVATIONS_INT4
    case .int2: BL_ACTIVATIONS_INT2
    case .ternary: BL_ACTIVATIONS_TERNARY
    case .sign: BL_ACTIVATIONS_SIGN
    }
  }
}
