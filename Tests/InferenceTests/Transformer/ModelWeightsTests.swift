import KernelZoo
import ModelFiles
import Testing

@testable import Inference

/// Which kernels a model takes, and what loading reports.
@Suite struct ModelWeightsTests {
  private static func load(
    _ architecture: ModelArchitecture, _ kernel: Kernel, isCancelled: () -> Bool = { false },
    onProgress: (ModelWeights.Progress) -> Void = { _ in }
  ) throws -> ModelWeights {
    try ModelWeights(
      InMemoryModel(architecture, seed: 60), kernel: kernel, team: SingleWorker(), isCancelled: isCancelled,
      onProgress: onProgress)
  }

  @Test(arguments: KernelRegistry.all) func kernelsMustFitTheModel(_ kernel: Kernel) throws {
    let takes: (name: String, ternaryModel: Bool, floatModel: Bool) =
      switch kernel.packing.weightKind {
      case .ternary: ("ternary", true, false)
      case .int8: ("8-bit", true, false)
      case .binary: ("binary", false, false)
      case .float: ("float", true, true)
      }
    let models = [
      (ModelArchitecture.tiny { $0.layers = 1 }, takes.ternaryModel, "ternary"),
      (.tinyLLaMA { $0.layers = 1 }, takes.floatModel, "floats"),
    ]
    for (architecture, fits, model) in models {
      if fits {
        #expect(try Self.load(architecture, kernel).kernel == kernel)
      } else {
        #expect(throws: InferenceError.unfitKernel(kernel: kernel.name, takes: takes.name, model: model)) {
          try Self.load(architecture, kernel)
        }
      }
    }
  }

  @Test(arguments: InstructionSetLevel.available) func aStandardKernelRuns(at level: InstructionSetLevel)
    throws
  {
    let allowed = level.allowed.intersection(.ofThisCPU)
    for (architecture, family) in [(ModelArchitecture.tiny(), "mad"), (.tinyLLaMA(), "float")] {
      let source = try InMemoryModel(architecture, seed: 61)
      let kernel = try #require(KernelChoice.standard(for: source, on: allowed))
      #expect(kernel.familyName == family && kernel.runs(on: allowed))
      #expect(KernelChoice.fits(kernel, source))
    }
  }

  @Test func progressIsByLayerAndCanBeStopped() throws {
    let kernel = try #require(Kernel.exactTernary.first)
    var progress: [Int] = []
    let weights = try Self.load(.tiny { $0.layers = 3 }, kernel) {
      false
    } onProgress: {
      #expect($0.total == 21)
      progress.append($0.completed)
    }
    #expect(progress == [7, 14, 21])
    #expect(weights.matricesAsInFile == 0)
    #expect(weights.linearWeights == 3 * (40 * 48 * 2 + 40 * 16 * 2 + 3 * 40 * 72))
    #expect(weights.normBytes == 4 * (3 * (40 + 48 + 40 + 72) + 40))
    #expect(weights.headBytes == 50 * 40 * 4 && weights.headElementName == "F32")
    var asked = 0
    #expect(throws: InferenceError.interrupted) {
      try Self.load(.tiny { $0.layers = 3 }, kernel) {
        asked += 1
        return asked == 2
      }
    }
    #expect(asked == 2)
  }
}
