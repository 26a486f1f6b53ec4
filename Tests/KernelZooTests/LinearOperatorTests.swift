import Ternary
import Testing

@testable import KernelZoo

@Suite struct LinearOperatorTests {
  /// Kernels of every activation kind, integer and float.
  static let kernels = KernelRegistry.best(on: .ofThisCPU)

  @Test(arguments: kernels)
  func equalsQuantiseMultiplyRescale(_ kernel: Kernel) throws {
    let (tokens, outFeatures, inFeatures) = (3, 37, 200)
    let seed: UInt64 = 21
    let floats = try GaussianWeights(
      rows: outFeatures, columns: inFeatures, standardDeviation: 0.02, seed: seed
    )
    .matrix()
    let matrix: WeightMatrix
    switch kernel.packing.weightKind {
    case .float: matrix = .float(values: floats, outFeatures: outFeatures, inFeatures: inFeatures)
    case .binary:
      matrix = .binary(
        try WeightQuantization.sign.quantize(floats, rows: outFeatures, columns: inFeatures))
    case .ternary, .int8:
      matrix = .ternary(
        try WeightQuantization.absmean.quantize(floats, rows: outFeatures, columns: inFeatures))
    }
    var random = SeededGenerator(seed: seed)
    let x = (0..<tokens * inFeatures).map { _ in Float.random(in: -2...2, using: &random) }
    let linear = try LinearOperator(
      kernel: kernel, weights: PackedWeights(matrix, packing: kernel.packing), tokens: tokens)
    let output = AlignedBuffer(byteCount: tokens * outFeatures * MemoryLayout<Float>.stride)
    let y = output.baseAddress.bindMemory(to: Float.self, capacity: tokens * outFeatures)
    linear(x, y, team: SingleWorker())

    if let kind = kernel.activations, case .ternary(let weights) = matrix {
      let quantized = try kind.quantize(x, tokens: tokens)
      let sums = try referenceMatmul(x: quantized.values, weights: weights)
      for index in 0..<tokens * outFeatures {
        let scale = weights.scale / quantized.scales[index / outFeatures]
        #expect(y[index] == scale * Float(sums[index]), "element \(index)")
      }
    }
    if kernel.activations == nil || kernel.activations == .int8, kernel.packing.weightKind != .binary {
      // Whatever the kernel, the result is near the product of the unquantised floats.
      var error = 0.0
      var power = 0.0
      for token in 0..<tokens {
        for row in 0..<outFeatures {
          var sum = 0.0
          for i in 0..<inFeatures {
            sum += Double(x[token * inFeatures + i]) * Double(floats[row * inFeatures + i])
          }
          error += (Double(y[token * outFeatures + row]) - sum) * (Double(y[token * outFeatures + row]) - sum)
          power += sum * sum
        }
      }
      #expect(error < power * (kernel.activations == nil ? 1e-4 : 0.6), "seed \(seed)")
    }
  }

  @Test func refusesAnotherPacking() throws {
    let matrix = WeightMatrix.ternary(try TernaryMatrix(rows: 1, columns: 1, values: [1], scale: 1))
    let reference = try #require(KernelRegistry.kernel(named: "reference-i8-scalar"))
    let other = try #require(KernelRegistry.all.first { $0.packing.name == "planes" })
    let weights = try PackedWeights(matrix, packing: reference.packing)
    #expect(
      throws: LinearOperatorError.wrongPacking(kernel: other.name, reads: "planes", given: "i8")
    ) { try LinearOperator(kernel: other, weights: weights, tokens: 1) }
    #expect(throws: LinearOperatorError.emptyWork(tokens: 0, workers: 1)) {
      try LinearOperator(kernel: reference, weights: weights, tokens: 0)
    }
  }

  @Test func refusesWeightsThePackingCannotHold() throws {
    let float = WeightMatrix.float(values: [1, 2], outFeatures: 1, inFeatures: 2)
    let planes = try #require(KernelRegistry.packings.first { $0.name == "planes" })
    #expect(throws: PackingError.wrongKind(packing: "planes", holds: .ternary, given: .float)) {
      try PackedWeights(float, packing: planes)
    }
    let fp16 = try #require(KernelRegistry.packings.first { $0.weightKind == .float })
    #expect(throws: PackingError.wrongCount(expected: 6, given: 2)) {
      try PackedWeights(.float(values: [1, 2], outFeatures: 2, inFeatures: 3), packing: fp16)
    }
  }
}
