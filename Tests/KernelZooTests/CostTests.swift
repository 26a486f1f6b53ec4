import CKernels
import CountedKernels
import Testing

@testable import KernelZoo

/// Cost formulae against the operations that the portable kernels really execute.
@Suite(.serialized) struct CostTests {
  static let countedKernels = (0..<bl_counted_kernel_total()).map {
    Kernel(descriptor: bl_counted_kernel_at($0))
  }
  static let shapes = [(1, 1, 1), (1, 64, 60), (1, 67, 129), (3, 33, 257), (13, 65, 640)]

  @Test func everyPortableKernelIsCounted() {
    let portable = KernelRegistry.all.filter { $0.instructionSet == .scalar }.map(\.name)
    #expect(Set(Self.countedKernels.map(\.name)) == Set(portable))
  }

  @Test(arguments: countedKernels)
  func costIsWhatThePortableKernelDoes(_ kernel: Kernel) {
    for (tokens, outFeatures, inFeatures) in Self.shapes {
      bl_counted_reset()
      var trial = KernelTrial(
        kernel: kernel.descriptor, tokens: tokens, outFeatures: outFeatures, inFeatures: inFeatures, seed: 3)
      trial.inPieces = false
      let cost = trial.run(withoutZeroActivations: true).cost
      let counted = bl_counted_total()
      let place = "M=\(tokens) N=\(outFeatures) K=\(inFeatures)"
      #expect(cost.adds == counted.adds, "adds, \(place)")
      #expect(cost.multiplies == counted.multiplies, "multiplies, \(place)")
      #expect(cost.table_reads == counted.table_reads, "table reads, \(place)")
      #expect(cost.table_writes == counted.table_writes, "table writes, \(place)")
      #expect(cost.popcounts == counted.popcounts, "popcounts, \(place)")
      #expect(cost.logic_operations == counted.logic_operations, "logic operations, \(place)")
    }
  }

  /// A vector kernel executes the portable kernel's algorithm, so the two declare the same operations.
  @Test(arguments: KernelRegistry.available(on: .ofThisCPU))
  func variantsDeclareTheSameOperations(_ kernel: Kernel) throws {
    let portable = try #require(
      KernelRegistry.all.first { $0.isVariant(of: kernel) && $0.instructionSet == .scalar },
      "no portable variant of \(kernel.name)")
    for (tokens, outFeatures, inFeatures) in Self.shapes {
      let costs = [kernel, portable].map {
        $0.cost(tokens: tokens, outFeatures: outFeatures, inFeatures: inFeatures)
      }
      #expect(costs[0].operations == costs[1].operations, "M=\(tokens) N=\(outFeatures) K=\(inFeatures)")
      #expect(costs[0].weightBytes == costs[1].weightBytes)
    }
  }

  @Test(arguments: KernelRegistry.all)
  func bytesAreThoseOfTheOperands(_ kernel: Kernel) {
    let (tokens, outFeatures, inFeatures) = (3, 65, 640)
    let cost = kernel.cost(tokens: tokens, outFeatures: outFeatures, inFeatures: inFeatures)
    let activationBytes = kernel.activations == nil ? 4 : 1
    #expect(cost.activationBytes == UInt64(tokens * inFeatures * activationBytes))
    #expect(cost.outputBytes == UInt64(tokens * outFeatures * 4))
    // Vector variants may pad their tables; the cost is that of the portable kernel.
    if kernel.instructionSet == .scalar {
      #expect(cost.tableBytes == UInt64(kernel.descriptor.pointee.prepared_bytes(tokens, inFeatures)))
    }
  }
}

extension OperationCost {
  fileprivate var operations: [UInt64] {
    [adds, multiplies, tableReads, tableWrites, popcounts, logicOperations]
  }
}
