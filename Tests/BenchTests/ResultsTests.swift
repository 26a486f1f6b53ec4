import Foundation
import Testing

@testable import Bench

@Suite struct ResultsTests {
  static let point = MeasurementPoint(
    model: "bitnet-b1.58-3b", layerRoles: "q,o", kernel: "lut-t5-avx512vbmi", family: "lut", packing: "t5",
    weights: "ternary", activations: "int8", exact: true, isa: "avx512vbmi", tokens: 4, inFeatures: 3200,
    outFeatures: 8640, threads: 2, cache: .cold)

  static func estimate(_ median: Double) -> Estimate {
    Estimate(median: median, low: median * 0.99, high: median * 1.02, coverage: 0.9586105346679688, count: 20)
  }

  static let full = Measurement(
    point: point, status: .measured, operatorLatency: estimate(1e-4), multiplyLatency: estimate(0.9e-4),
    outlierCount: 2, stopReason: .timeCap, packedBytes: 5_529_600, bitsPerWeight: 1.6, zeroShare: 0.31,
    speedupOverFP16: estimate(5.5), baselineKernel: "float-f16-avx512",
    roofline: Roofline(kind: .dramRead, ratePerSecond: 84.2e9, boundSeconds: 0.7e-4),
    rooflineShare: estimate(0.7), readBandwidthProbeBytesPerSecond: 84.1e9,
    counters: ["PAPI_TOT_CYC": 123_456.5], countersMultiplexed: true, energyJoules: 1.5e-3,
    operations: OperationCounts(
      adds: 1, multiplies: 2, tableReads: 3, tableWrites: 4, popcounts: 5, logicOperations: .max))

  static let context = RunContext(
    date: "2025-02-03T04:05:06Z", bitlabVersion: "0.1.0", gitCommit: "0123abcd", buildType: "release",
    compiler: "clang 17", cpuModel: "CPU, \"quoted\"", isa: "avx512", logicalCPUs: 2, memoryBytes: 1 << 34,
    operatingSystem: "Debian 12", governor: nil, hugePages: "madvise", hypervisor: "KVM", loadAverage: 0.25,
    counterEvents: ["PAPI_TOT_INS", "PAPI_TOT_CYC"], seed: .max, weightsSource: "gaussian",
    commandLine: "bitlab bench")

  @Test func everythingSurvivesJSON() throws {
    var computeBound = Self.full
    computeBound.roofline = Roofline(kind: .int8Dot, ratePerSecond: 1.094e12, boundSeconds: 1e-3)
    computeBound.counters["native::EVENT:UMASK=1"] = 3
    let results = BenchResults(
      context: Self.context,
      measurements: [
        Self.full, computeBound,
        Measurement(point: Self.point, status: .wrong("row 3, token 1: 5 instead of 4")),
        Measurement(point: Self.point, status: .skipped("needs avx512vbmi")),
        Measurement(point: Self.point, status: .measured),
      ], warnings: ["load is high: stop other programs"])
    let data = try JSONEncoder().encode(results)
    #expect(try JSONDecoder().decode(BenchResults.self, from: data) == results)
  }

  @Test func contextWithoutAnythingOptionalSurvivesJSON() throws {
    let results = BenchResults(
      context: RunContext(
        date: "", bitlabVersion: "0", buildType: "debug", seed: 0, weightsSource: "", commandLine: ""),
      measurements: [])
    let data = try JSONEncoder().encode(results)
    #expect(try JSONDecoder().decode(BenchResults.self, from: data) == results)
  }

  @Test func derivedRates() throws {
    #expect(abs(try #require(Self.full.weightBandwidthBytesPerSecond) - 55.296e9) < 1)
    #expect(abs(try #require(Self.full.multiplyAccumulatesPerSecond) - 1105.92e9) < 1)
    let skipped = Measurement(point: Self.point, status: .skipped(""))
    #expect(skipped.weightBandwidthBytesPerSecond == nil)
    #expect(skipped.multiplyAccumulatesPerSecond == nil)
  }

  @Test func columnNamesAreUniqueSnakeCase() throws {
    let names = MeasurementColumns.all().map(\.name) + ContextColumns.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil, "\(name)")
    }
    #expect(MeasurementColumns.all().allSatisfy { !$0.description.isEmpty })
  }

  @Test func columnsFollowFromTheEventsAskedForAndFound() {
    var measurement = Self.full
    measurement.counters = ["PAPI_TOT_CYC": 1, "B": 2, "A": 3]
    let counters = BenchResults(context: Self.context, measurements: [measurement]).columns
      .filter { $0.name.hasPrefix("counter_") }
    #expect(
      counters.map(\.name) == ["counter_PAPI_TOT_INS", "counter_PAPI_TOT_CYC", "counter_A", "counter_B"])
    #expect(counters.map { $0.value(measurement) } == [.missing, .number(1), .number(3), .number(2)])
  }

  @Test func whatIsNotFiniteIsMissing() throws {
    var measurement = Self.full
    measurement.energyJoules = .nan
    let energy = try #require(MeasurementColumns.all().first { $0.name == "energy_j" })
    #expect(energy.value(measurement) == .missing)
  }

  /// Each change to a good file, and the column that must be named.
  @Test(arguments: [
    ("\"kernel\":\"lut-t5-avx512vbmi\"", "\"kernel\":null", "kernel"),
    ("\"tokens\":4", "\"tokens\":\"four\"", "tokens"),
    ("\"tokens\":4", "\"tokens\":-4", "tokens"),
    ("\"tokens\":4", "\"tokens\":4.5", "tokens"),
    ("\"cache\":\"cold\"", "\"cache\":\"warm\"", "cache"),
    ("\"status\":\"measured\"", "\"status\":\"fine\"", "status"),
    ("\"latency_samples\":20", "\"latency_samples\":null", "latency_samples"),
    ("\"latency_median_s\":0.0001", "\"latency_median_s\":null", "latency_low_s"),
    ("\"roofline_kind\":\"dram-read\"", "\"roofline_kind\":null", "roofline_limit_bytes_per_s"),
    ("\"roofline_kind\":\"dram-read\"", "\"roofline_kind\":\"int8-dot\"", "roofline_limit_bytes_per_s"),
    ("\"counter_PAPI_TOT_CYC\":123456.5", "\"counter_PAPI_TOT_CYC\":true", "counter_PAPI_TOT_CYC"),
    ("\"seed\":18446744073709551615", "\"seed\":18446744073709551616", "seed"),
  ])
  func damagedColumnsAreNamed(good: String, bad: String, column: String) throws {
    let encoder = JSONEncoder()
    let data = try encoder.encode(BenchResults(context: Self.context, measurements: [Self.full]))
    let text = try #require(String(data: data, encoding: .utf8))
    #expect(text.contains(good))
    let damaged = Data(text.replacing(good, with: bad).utf8)
    let error = #expect(throws: BenchResultsError.self) {
      try JSONDecoder().decode(BenchResults.self, from: damaged)
    }
    #expect(error?.description.contains("`\(column)`") == true, "\(String(describing: error))")
  }

  @Test func otherSchemasAreRefused() throws {
    let data = Data(#"{"schema": 2}"#.utf8)
    #expect(throws: BenchResultsError.unsupportedSchema(2)) {
      try JSONDecoder().decode(BenchResults.self, from: data)
    }
  }

  @Test(arguments: [
    ("ternary", "int8", true, MeasurementPoint.Contest.headline), ("ternary", "int8", false, .different),
    ("ternary", "int4", true, .different), ("binary", "int8", true, .different),
    ("float", "float", false, .baseline), ("int8", "int8", true, .baseline),
  ])
  func onlyEqualsCompete(
    weights: String, activations: String, exact: Bool, contest: MeasurementPoint.Contest
  ) {
    var point = Self.point
    (point.weights, point.activations, point.exact) = (weights, activations, exact)
    #expect(point.contest == contest)
  }
}
