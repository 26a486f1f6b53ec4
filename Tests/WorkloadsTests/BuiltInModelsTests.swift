import Testing

@testable import Workloads

@Suite struct BuiltInModelsTests {
  let catalogue: ModelCatalogue

  init() throws { catalogue = try ModelFileTests.builtIn.get() }

  @Test func everyShapeMatchesItsPublishedParameterCount() throws {
    for model in catalogue.models {
      let published = try #require(model.published, "\(model.id)")
      let difference = abs(model.parameters(published.scope) - published.count)
      #expect(difference <= published.tolerance, "\(model.id) is off by \(difference)")
    }
  }

  @Test func everyShapeNamesItsSource() throws {
    for model in catalogue.models {
      #expect(model.source.contains("arXiv"), "\(model.id)")
      #expect(model.heads * model.headDimension == model.hiddenSize, "\(model.id)")
    }
  }

  @Test func partsOf2B4TAddUp() throws {
    let model = try catalogue.model(named: "2b4t")
    #expect(model.linearParameters == 2_084_044_800)
    #expect(model.embeddingParameters == 328_335_360)
    #expect(model.totalParameters == 2_412_380_160)
    #expect(model.headDimension == 128)
    #expect(model.tiedEmbeddings)
    #expect(
      model.matmulShapes().map {
        "\($0.role.rawValue) \($0.outFeatures)x\($0.inFeatures) \($0.countPerToken)"
      } == [
        "q 2560x2560 30", "k 640x2560 30", "v 640x2560 30", "o 2560x2560 30", "gate 6912x2560 30",
        "up 6912x2560 30", "down 2560x6912 30", "lm-head 128256x2560 1",
      ])
    #expect(
      model.matmulShapes(fused: true).map { "\($0.role.rawValue) \($0.outFeatures)x\($0.inFeatures)" } == [
        "qkv 3840x2560", "o 2560x2560", "gate-up 13824x2560", "down 2560x6912", "lm-head 128256x2560",
      ])
  }

  /// Billions of linear weights, from the shapes of arXiv 2402.17764, 2411.04965 and 2504.12285.
  @Test(arguments: [
    ("2b4t", 2.084), ("3b", 3.222), ("7b", 6.476), ("13b", 12.69), ("30b", 32.10), ("70b", 68.45),
  ])
  func bytesPerDecodedTokenFollowFromTheLinearWeights(name: String, billions: Double) throws {
    let model = try catalogue.model(named: name)
    for bits in [16, 8, 2, 1.6875, 5.0 / 3, 1.6] {
      let gigabytes = model.linearBytes(bitsPerWeight: bits) / 1e9
      #expect(abs(gigabytes / (billions * bits / 8) - 1) < 6e-4, "\(name) at \(bits) bits")
    }
  }

  @Test func fusingChangesNoTotals() throws {
    for model in catalogue.models {
      let apart = model.matmulShapes(fused: false).reduce(0) { $0 + $1.weightsPerToken }
      let fused = model.matmulShapes(fused: true).reduce(0) { $0 + $1.weightsPerToken }
      #expect(apart == fused, "\(model.id)")
    }
  }

  @Test func onlyLinearLayersOfATernaryModelAreTernary() throws {
    for shape in try catalogue.model(named: "3b").matmulShapes() {
      #expect((shape.weights == .ternary) == (shape.role != .languageModelHead))
    }
    #expect(try catalogue.model(named: "llama-3b").matmulShapes().allSatisfy { $0.weights == .fp16 })
  }

  @Test func equalShapesAreMeasuredOnce() throws {
    let model = try catalogue.model(named: "3b")
    let distinct = model.matmulShapes(includingHead: false).distinct()
    #expect(distinct.map { "\($0.outFeatures)x\($0.inFeatures)" } == ["3200x3200", "8640x3200", "3200x8640"])
    #expect(distinct.map(\.roles) == [[.query, .key, .value, .output], [.gate, .up], [.down]])
    #expect(distinct.map(\.countPerToken) == [104, 52, 26])
    #expect(
      distinct.reduce(0) { $0 + $1.outFeatures * $1.inFeatures * $1.countPerToken } == model.linearParameters)
  }

  @Test func groupedQueriesShrinkTheCacheOnly() throws {
    let grouped = try catalogue.model(named: "llama-70b-gqa")
    let full = try catalogue.model(named: "llama-70b-mha")
    // 2 (K and V) x 80 layers x 8 heads x 128 elements x 2 bytes.
    #expect(grouped.keyValueCacheBytesPerToken() == 327_680)
    #expect(full.keyValueCacheBytesPerToken() == 8 * 327_680)
    let work = grouped.multiplyAccumulatesPerToken(context: 512)
    #expect(work.attention == full.multiplyAccumulatesPerToken(context: 512).attention)
    #expect(work.attention == 2 * 80 * 8192 * 512)
    #expect(work.languageModelHead == 32000 * 8192)
    #expect(work.total == grouped.linearParameters + work.attention + work.languageModelHead)
  }

  @Test(arguments: [
    "700m", "1.3b", "3b", "3.9b", "2b4t", "7b", "13b", "30b", "70b", "100b", "llama-3b", "llama-7b",
    "llama-13b",
    "llama-30b", "llama-33b", "llama-65b", "llama-70b", "70b-mha",
  ])
  func shortNamesAreKnownInAnyCase(name: String) throws {
    let model = try catalogue.model(named: name)
    #expect(try catalogue.model(named: name.uppercased()) == model)
    #expect(model.weights == (name.hasPrefix("llama") ? .fp16 : .ternary))
  }

  @Test func anUnknownNameLeadsToNearOnes() throws {
    #expect(throws: UnknownModel.self) { try catalogue.model(named: "lama-7b") }
    do {
      _ = try catalogue.model(named: "lama-7b")
    } catch {
      #expect(error.description == "unknown model 'lama-7b'; did you mean llama-7b or llama-3b or llama-70b?")
    }
    do {
      _ = try catalogue.model(named: "")
    } catch {
      #expect(error.description.hasPrefix("unknown model ''; the models are bitnet-700m, "))
    }
  }

  @Test func aPhaseFollowsFromItsTokens() {
    #expect(Phase(tokens: 0) == nil)
    #expect(Phase(tokens: 1) == .decode)
    #expect(Phase(tokens: 128) == .prefill(tokens: 128))
    #expect(Phase.prefill(tokens: 128).tokens == 128)
    #expect(Phase.decode.tokens == 1)
  }
}
