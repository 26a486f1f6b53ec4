import Foundation
import Inference
import KernelZoo
import Machine
import ModelFiles
import Ternary

/// What a run took, in lines for people.
struct RunSummary {
  let text: String

  /// - Parameters:
  ///   - result: The run.
  ///   - transformer: What ran.
  ///   - loadSeconds: From the start of the program to the first pass.
  ///   - threads: Team size.
  ///   - probe: The limits of the machine just after the run; `nil` if there was no memory for it.
  ///   - pool: Who probes.
  init(
    _ result: Generation, transformer: Transformer, loadSeconds: Double, threads: Int, probe: RooflineProbe?,
    pool: WorkerPool
  ) {
    let weights = transformer.weights
    func decimal(_ value: Double, _ digits: Int = 1) -> String { String(format: "%.\(digits)f", value) }
    var lines = [
      "\(weights.architecture.title): \(weights.kernel.name), \(threads) thread\(threads == 1 ? "" : "s"), weights "
        + "\(Self.origin(of: weights)), ready after \(decimal(loadSeconds, 2)) s, first token after "
        + "\(decimal(loadSeconds + result.prefillSeconds, 2)) s"
    ]
    let work = Double(weights.linearWeights) * Double(result.promptTokens)
    let rate = work / result.prefillSeconds
    var prefill =
      "prefill: \(result.promptTokens) token\(result.promptTokens == 1 ? "" : "s") in "
      + "\(decimal(result.prefillSeconds, 3)) s, \(decimal(result.prefillTokensPerSecond)) tokens/s, "
      + "\(decimal(rate * 1e-9, 0)) GMAC/s in linear layers"
    if let probe, let peak = Self.peak(weights.kernel, probe, pool) {
      prefill += ", \(decimal(rate / peak.rate * 100, 0))% of \(peak.name) (\(decimal(peak.rate * 1e-9, 0)))"
    }
    lines.append(prefill)
    if let perSecond = result.decodeTokensPerSecond {
      let middle = result.promptTokens + result.decodeSeconds.count / 2
      let bandwidth = Double(transformer.bytesPerToken(context: middle)) * perSecond
      var decode =
        "decode: \(result.decodeSeconds.count) token\(result.decodeSeconds.count == 1 ? "" : "s"), "
        + "\(decimal(perSecond)) tokens/s, \(decimal(bandwidth * 1e-9)) GB/s"
      if let probe {
        let limit = Self.readBandwidth(probe, pool)
        decode += ", \(decimal(bandwidth / limit * 100, 0))% of DRAM read (\(decimal(limit * 1e-9)))"
      }
      lines.append(decode)
    }
    text = lines.joined(separator: "\n")
  }

  private static func origin(of weights: ModelWeights) -> String {
    switch (weights.matricesInPlace, weights.matricesAsInFile) {
    case (weights.matrixCount, _): "used in place"
    case (_, weights.matrixCount):
      "copied from the file, but for \(weights.matricesInPlace) of \(weights.matrixCount) matrices used in place"
    default: "packed"
    }
  }

  private static let probeBytes = 256 << 20
  private static let probes = 7

  private static func readBandwidth(_ probe: RooflineProbe, _ pool: WorkerPool) -> Double {
    median((0..<probes).map { _ in probe.readOnce(pool, bytes: probeBytes).perSecond })
  }

  private static func peak(
    _ kernel: Kernel, _ probe: RooflineProbe, _ pool: WorkerPool
  ) -> (name: String, rate: Double)? {
    let kind: ComputeKind
    switch kernel.activations {
    case nil: kind = .fp32FMA
    case .int8: kind = .int8Dot
    default: return nil
    }
    let rates = (0..<probes).compactMap { _ in
      probe.computeOnce(kind, pool, ceiling: kernel.level.allowed.rawValue)?.perSecond
    }
    guard !rates.isEmpty else { return nil }
    return (kind == .int8Dot ? "the int8 dot peak" : "the FP32 multiply-add peak", median(rates))
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
