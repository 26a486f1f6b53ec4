import CKernels
import Foundation
import Ternary
import Testing

@testable import KernelZoo

/// Norm, gates, addition and rotary embedding against double precision.
@Suite struct TransformerVectorTests {
  static let levels = InstructionSetLevel.available

  @Test(arguments: levels)
  func rmsNorm(_ level: InstructionSetLevel) {
    for count in awkwardCounts {
      for magnitude: Float in [0, 1e-4, 1, 300] {
        var random = SeededGenerator(seed: UInt64(count))
        let input = random.floats(count, upTo: magnitude), scales = random.floats(count, upTo: 3)
        let memory = GuardedCopies()
        defer { memory.free() }
        let x = memory.copy(input), weight = memory.copy(scales),
          y = memory.copy([Float](repeating: .nan, count: count))
        bl_rms_norm(level.isa, count, x, weight, 1e-5, y)
        bl_rms_norm(level.isa, count, x, weight, 1e-5, x)
        #expect(x.values(count) == y.values(count), "in place, \(count) elements")

        let mean = input.reduce(0) { $0 + Double($1) * Double($1) } / Double(count)
        let expected = (0..<count).map {
          Double(input[$0]) * Double(scales[$0]) / (mean + Double(Float(1e-5))).squareRoot()
        }
        // norm.h's bound, with the 4 lanes of the portable level.
        let error = (Double(count) / 32 + 8) / 2 * 0x1p-24 + 4 * 0x1p-24
        let result = worst(y.values(count), expected) { error * abs(expected[$0]) }
        #expect(result.ratio <= 1, "\(count) elements up to \(magnitude), at \(result.index)")
      }
    }
  }

  @Test(arguments: levels)
  func addition(_ level: InstructionSetLevel) {
    for count in awkwardCounts {
      var random = SeededGenerator(seed: UInt64(count))
      let a = random.floats(count), b = random.floats(count)
      let memory = GuardedCopies()
      defer { memory.free() }
      let x = memory.copy(a), y = memory.copy(b)
      bl_add(level.isa, count, x, y)
      #expect(y.values(count) == zip(a, b).map(+))
    }
  }

  @Test(arguments: levels)
  func squaredReLU(_ level: InstructionSetLevel) {
    for count in awkwardCounts {
      var random = SeededGenerator(seed: UInt64(count))
      let a = random.floats(count, upTo: 20), b = random.floats(count)
      let memory = GuardedCopies()
      defer { memory.free() }
      let gate = memory.copy(a), up = memory.copy(b)
      bl_gate_squared_relu(level.isa, count, gate, up, gate)
      #expect(gate.values(count) == zip(a, b).map { max($0, 0) * max($0, 0) * $1 })
    }
  }

  /// Every exponent and many mantissas of the gate; `up` is 1, so that only the factor is measured.
  @Test(arguments: levels)
  func siluFactor(_ level: InstructionSetLevel) {
    var gates = stride(from: Float(-87), through: 100, by: 0.0037).map { $0 }
    for exponent in -126...7 {
      gates += [1, 1.37, 1.99].map { Float(sign: .minus, exponent: exponent, significand: $0) }
    }
    gates = gates.filter { $0 > -87 }
    let up = [Float](repeating: 1, count: gates.count)
    var y = up
    bl_gate_silu(level.isa, gates.count, gates, up, &y)
    let expected = gates.map { Double($0) / (1 + exp(-Double($0))) }
    let result = worst(y, expected) { 0x1p-20 * abs(expected[$0]) }
    #expect(result.ratio <= 1, "gate \(gates[result.index])")
  }

  @Test(arguments: levels)
  func siluAtItsLimits(_ level: InstructionSetLevel) {
    let gates: [Float] = [.infinity, 3e38, 1000, 0, -88, -1000, -3e38, -.infinity]
    let expected: [Float] = [.infinity, 3e38, 1000, 0, 0, 0, 0, 0]
    for count in [gates.count, 3 * gates.count + 5] {
      let repeated = (0..<count).map { gates[$0 % gates.count] }, up = [Float](repeating: 1, count: count)
      var y = [Float](repeating: .nan, count: count)
      bl_gate_silu(level.isa, count, repeated, up, &y)
      #expect(y == (0..<count).map { expected[$0 % gates.count] })
    }
    var y: [Float] = [0]
    bl_gate_silu(level.isa, 1, [.nan], [1], &y)
    #expect(y[0].isNaN)
  }

  @Test(arguments: levels)
  func siluInPlaceOfEither(_ level: InstructionSetLevel) {
    for count in awkwardCounts {
      var random = SeededGenerator(seed: UInt64(count))
      let a = random.floats(count, upTo: 9), b = random.floats(count)
      var y = a
      bl_gate_silu(level.isa, count, a, b, &y)
      let memory = GuardedCopies()
      defer { memory.free() }
      let gate = memory.copy(a), up = memory.copy(b)
      bl_gate_silu(level.isa, count, gate, up, up)
      #expect(up.values(count) == y)
      bl_gate_silu(level.isa, count, gate, memory.copy(b), gate)
      #expect(gate.values(count) == y)
    }
  }

  @Test(arguments: levels, [BL_ROTARY_HALVES, BL_ROTARY_NEIGHBOURS].map(\.rawValue))
  func rotation(_ level: InstructionSetLevel, _ pairs: UInt32) {
    for half in awkwardCounts where half <= 129 {
      for heads in [1, 3] {
        var random = SeededGenerator(seed: UInt64(half))
        let input = random.floats(heads * 2 * half), angles = random.floats(half, upTo: 3)
        let memory = GuardedCopies()
        defer { memory.free() }
        let x = memory.copy(input), cosines = memory.copy(angles.map(cosf)),
          sines = memory.copy(angles.map(sinf))
        bl_rotate(
          level.isa, bl_rotary_pairs(rawValue: pairs), heads, 2 * half, cosines, sines,
          x)
        var expected = input.map(Double.init)
        for head in 0..<heads {
          for i in 0..<half {
            let a = head * 2 * half + (pairs == BL_ROTARY_HALVES.rawValue ? i : 2 * i)
            let b = pairs == BL_ROTARY_HALVES.rawValue ? a + half : a + 1
            let cosine = Double(cosf(angles[i])), sine = Double(sinf(angles[i]))
            expected[a] = Double(input[a]) * cosine - Double(input[b]) * sine
            expected[b] = Double(input[b]) * cosine + Double(input[a]) * sine
          }
        }
        let result = worst(x.values(input.count), expected) { _ in 3 * 0x1p-24 }
        #expect(result.ratio <= 1, "\(heads) heads of \(2 * half), element \(result.index)")
      }
    }
  }
}
