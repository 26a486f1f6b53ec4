import Accelerator
import Workloads

/// An FP16 model over a ternary one on devices of which only the peaks are known.
struct DeviceCheck: ClaimCheck {
  enum Figure: Sendable {
    /// Seconds of a decoded token at batch 1, FP16 over ternary.
    case latency
    /// Bytes of weights, embedding and cache, FP16 over ternary.
    case memory
    /// Sequences that fit, ternary over FP16.
    case batch
    /// Tokens a second at those, ternary over FP16.
    case throughput
  }

  let figure: Figure
  let float: String
  let ternary: String
  var device = "a100-80gb"
  var devices = 1
  /// Batches of the publication, at which throughput is told too, whether they fit or not.
  var publishedBatches: (float: Int, ternary: Int)?

  private static let context = 512
  private static let ternaryBits = 2.0

  var method: ClaimMethod { .modelled }

  func figure(from evidence: ClaimEvidence) throws -> ClaimFigure {
    let device = try evidence.devices.device(named: device)
    let place = devices == 1 ? device.title : "\(devices) \(device.title) in a pipeline"
    let sides = [
      Side(model: try evidence.models.model(named: float), bits: 16),
      Side(model: try evidence.models.model(named: ternary), bits: Self.ternaryBits),
    ]
    switch figure {
    case .latency:
      let seconds = try sides.map { try estimate($0, on: device).secondsPerPass }
      return ClaimFigure(
        seconds[0] / seconds[1],
        basis: "roofline of \(place), 2-bit weights, context \(Self.context): "
          + "\(milliseconds(seconds[0])) against \(milliseconds(seconds[1]))")
    case .memory:
      let bytes = try sides.map { try estimate($0, on: device).memory.bytes }
      return ClaimFigure(
        bytes[0] / bytes[1],
        basis: "2-bit weights, FP16 embedding and cache of \(Self.context) tokens: "
          + "\(gigabytes(bytes[0])) against \(gigabytes(bytes[1]))")
    case .batch, .throughput:
      let batches = try sides.map { try largestBatch($0, on: device) }
      guard case .throughput = figure else {
        return ClaimFigure(
          Double(batches[1]) / Double(batches[0]),
          basis:
            "what fits \(place) at context \(Self.context), FP16 cache: \(batches[1]) against \(batches[0])")
      }
      let rates = try rates(sides, batches: batches, on: device)
      var basis =
        "roofline of \(place) at what fits, batches of \(batches[1]) and \(batches[0]): "
        + "\(rates[1].rounded(toDecimals: 0)) against \(rates[0].rounded(toDecimals: 0)) tokens/s"
      if let publishedBatches {
        let published = [publishedBatches.float, publishedBatches.ternary]
        let rates = try self.rates(sides, batches: published, on: device)
        basis +=
          "; at the published \(published[1]) and \(published[0]), if they fitted, "
          + "\((rates[1] / rates[0]).rounded(toDecimals: 1))x"
      }
      return ClaimFigure(rates[1] / rates[0], basis: basis)
    }
  }

  private func rates(_ sides: [Side], batches: [Int], on device: RooflineDevice) throws -> [Double] {
    try zip(sides, batches).map {
      try estimate($0, batch: max($1 / devices, 1), on: device).tokensPerSecond
    }
  }

  private struct Side {
    let model: LanguageModel
    let bits: Double
  }

  private func estimate(
    _ side: Side, batch: Int = 1, on device: RooflineDevice
  ) throws -> DeviceEstimate {
    DeviceEstimate(
      try InferenceWorkload(side.model, phase: .decode, context: Self.context, batch: batch), on: device,
      weightBits: side.bits, devices: devices)
  }

  private func largestBatch(_ side: Side, on device: RooflineDevice) throws -> Int {
    let batch = DeviceEstimate.largestBatch(
      of: side.model, context: Self.context, on: device, weightBits: side.bits, devices: devices)
    guard let batch, batch > 0 else {
      throw ClaimUntestable(description: "\(side.model.id) does not fit \(device.title)")
    }
    return batch
  }
}
