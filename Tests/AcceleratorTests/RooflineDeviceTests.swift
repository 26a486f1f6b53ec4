import Testing
import Workloads

@testable import Accelerator

@Suite struct RooflineDeviceTests {
  @Test func shippedDevicesAreThere() throws {
    let catalogue = try DeviceCatalogue.shipped()
    #expect(catalogue.devices.map(\.id) == ["a100-80gb", "groq-lpu", "h100", "i7-13700h"])
    #expect(try catalogue.device(named: "A100-80GB").memoryBytesPerSecond.value == 2039e9)
    #expect(throws: AcceleratorFileError.self) { try catalogue.device(named: "a100") }
  }

  /// One matrix of 8192×28672 on an A100, 2.039 TB/s and 312 or 624 Top/s.
  @Test func decodeOfOneTokenIsMemory() throws {
    let device = try DeviceCatalogue.shipped().device(named: "a100-80gb")
    let model = try LanguageModel.named("70b-gqa")
    let workload = try InferenceWorkload(model, phase: .decode, context: 512)
    let estimate = DeviceEstimate(workload, on: device, weightBits: 16)
    #expect(isClose(estimate.memoryBoundShare, 1))
    // Weights and head at 2 bytes, the cache, one row of the embedding; inputs and outputs of matrices.
    let weights = 2 * Double(model.linearParameters + model.embeddingParameters)
    let cache = 512 * Double(model.keyValueCacheBytesPerToken())
    let sides: Int = 80 * (9 * 8192 + 2 * 1024 + 3 * 28672)
    let states = 2 * Double(sides + 8192 + 32000 + 8192)
    #expect(isClose(estimate.secondsPerPass, (weights + cache + states) / 2039e9))
    #expect(estimate.secondsPerPass == estimate.secondsBetweenPasses)
    #expect(estimate.fits == false)
    #expect(isClose(estimate.memory.bytes, weights + 2 * Double(model.embeddingParameters) + cache))
  }

  @Test func longPrefillIsArithmetic() throws {
    let device = try DeviceCatalogue.shipped().device(named: "a100-80gb")
    let model = try LanguageModel.named("7b")
    let workload = try InferenceWorkload(model, phase: .prefill(tokens: 2048))
    let products = workload.multiplyAccumulates
    let float = DeviceEstimate(workload, on: device, weightBits: 16)
    // All but the LM head, of one token, and the embedding.
    let head = 2 * (products.languageModelHead + 4096 + 32000) / 2039e9
    let arithmetic = 2 * (products.linear + products.attention) / 312e12
    let embedding: Double = 2048 * 4096 * 2 / 2039e9
    #expect(isClose(float.secondsPerPass, arithmetic + head + embedding))
    let ternary = DeviceEstimate(workload, on: device, weightBits: 2)
    let integer = 2 * products.linear / 624e12 + 2 * products.attention / 312e12
    #expect(isClose(ternary.secondsPerPass, integer + head + embedding))
  }

  /// What peaks and capacity alone say of arXiv 2402.17764, table 3: two A100-80GB in a pipeline, 512 tokens, 11.0
  /// times the batch and 8.9 times the throughput. No constant is fitted.
  @Test func publishedTableOfTwoA100() throws {
    let device = try DeviceCatalogue.shipped().device(named: "a100-80gb")
    let model = try LanguageModel.named("70b-mha")
    func batch(_ bits: Double) throws -> Int {
      try #require(
        DeviceEstimate.largestBatch(of: model, context: 512, on: device, weightBits: bits, devices: 2))
    }
    // 160 GB less 130.6 GB of weights, or less 17.2 GB; a sequence takes 1.34 GB.
    #expect(try batch(16) == 21)
    #expect(try batch(2) == 106)
    #expect(try batch(1.585) == 108)
    func throughput(_ bits: Double) throws -> Double {
      let workload = try InferenceWorkload(model, phase: .decode, context: 512, batch: try batch(bits) / 2)
      let estimate = DeviceEstimate(workload, on: device, weightBits: bits, devices: 2)
      #expect(estimate.fits == true)
      return estimate.tokensPerSecond
    }
    // 8.1 times the throughput with 5.0 times the batch: 16-bit caches of 176 sequences would not fit 160 GB.
    let ratio = try throughput(2) / throughput(16)
    #expect(isClose(ratio, 8.08, within: 0.005))
    #expect(Double(model.keyValueCacheBytesPerToken()) * 512 * 176 > 160e9)
  }

  @Test func pipelinesAreAsFastAsTheirSlowestStage() throws {
    let device = try DeviceCatalogue.shipped().device(named: "h100")
    let workload = try InferenceWorkload(.named("70b-gqa"), phase: .decode, context: 512)
    let one = DeviceEstimate(workload, on: device, weightBits: 2)
    let two = DeviceEstimate(workload, on: device, weightBits: 2, devices: 2)
    let hop: Double = 8192 * 2 / 450e9
    #expect(isClose(two.secondsPerPass, one.secondsPerPass + hop))
    #expect(two.secondsBetweenPasses > one.secondsPerPass / 2)
    #expect(two.secondsBetweenPasses < one.secondsPerPass)
    #expect(isClose(two.memory.keyValueBytes, 2 * one.memory.keyValueBytes))
    #expect(DeviceEstimate(workload, on: device, weightBits: 2, devices: .max).devices == 80)
    #expect(DeviceEstimate(workload, on: device, weightBits: 2, devices: .min) == one)
  }

  // MARK: Files

  static let file = """
    bitlab-device: 1
    id: mine
    title: Mine
    fp16: {value: 10 Top/s, source: me, confidence: stated}
    memory-bandwidth: {value: 100 GB/s, source: me, confidence: assumed}
    """

  @Test func whatIsNotKnownIsLeftOut() throws {
    let device = try RooflineDevice.parse(bytes: Self.file.utf8, file: "mine.yaml")
    #expect(device.memoryBytes == nil && device.watts == nil && device.linkBytesPerSecond == nil)
    #expect(device.operationsPerSecond(weightBits: 2) == 10e12)
    let model = try LanguageModel.named("3b")
    #expect(DeviceEstimate.largestBatch(of: model, context: 1, on: device, weightBits: 2) == nil)
    let estimate = DeviceEstimate(try InferenceWorkload(model, phase: .decode), on: device, weightBits: 2)
    #expect(estimate.fits == nil)
    #expect(DeviceColumns.all.first { $0.name == "fits" }?.value(estimate) == .missing)
    #expect(DeviceColumns.all.first { $0.name == "energy_per_token_modelled_j" }?.value(estimate) == .missing)
  }

  @Test(arguments: [
    ("id: mine", "id: no spaces here", "key 'id'"), ("10 Top/s", "10", "key 'fp16.value'"),
    ("10 Top/s", "-10 Top/s", "key 'fp16.value'"), ("10 Top/s", "10 GB/s", "key 'fp16.value'"),
    ("10 Top/s", "inf Top/s", "key 'fp16.value'"), ("10 Top/s", "1e300 Top/s", "key 'fp16.value'"),
    ("100 GB/s", "0 GB/s", "key 'memory-bandwidth.value'"), ("assumed", "sure", "confidence"),
    ("fp16:", "fp17:", "fp16"), ("bitlab-device: 1", "bitlab-device: 2", "bitlab-device"),
    ("source: me, confidence: stated", "confidence: stated", "source"),
    ("title: Mine", "title: Mine\ncolour: red", "colour"), ("title: Mine", "title: &a Mine", "anchors"),
    ("title: Mine", "title: Mine\npower: 4 W", "power"), ("title: Mine", "title: [Mine", "YAML"),
  ])
  func malformedFilesSayWhatIsWrong(_ old: String, _ new: String, _ expected: String) throws {
    let text = Self.file.replacing(old, with: new)
    let error = #expect(throws: YAMLError.self) {
      try RooflineDevice.parse(bytes: text.utf8, file: "mine.yaml")
    }
    let message = error?.description ?? ""
    #expect(message.hasPrefix("mine.yaml"))
    #expect(message.contains(expected), "\(message)")
    #expect(!message.contains("\n"))
  }
}
