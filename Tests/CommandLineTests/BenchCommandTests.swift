import Bench
import Foundation
import KernelZoo
import Testing

/// `bitlab bench` on small shapes, from the command line to the file.
@Suite(.serialized) struct BenchCommandTests {
  private static let quick = ["--max-time", "0.01", "--shape", "67x257"]

  @Test func measuresTheZooAndAnswers() throws {
    let outcome = try Tool.run(["bench", "--tokens", "1,5"] + Self.quick)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Decode (1 token"))
    #expect(outcome.output.contains("Prefill (5 tokens"))
    #expect(outcome.output.contains("Fastest: "))
    #expect(!outcome.output.contains("\u{1B}["), "colour without a terminal")
    for kernel in KernelRegistry.best(on: .ofThisCPU) where kernel.family != .reference {
      #expect(outcome.output.contains(kernel.name))
    }
  }

  @Test func writesJSONThatReadsBack() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("results.json")
    let outcome = try Tool.run(
      ["bench", "--families", "mad", "--format", "json", "--cache", "cold,hot", "--output", file.path]
        + Self.quick)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "")
    let results = try JSONDecoder().decode(BenchResults.self, from: Data(contentsOf: file))
    let kernels = KernelRegistry.best(on: .ofThisCPU).filter { $0.family == .mad }
    // Each twice for its tokens, each of those cold and hot; the FP16 baseline besides.
    #expect(results.measurements.count == (kernels.count + 1) * 2 * 2)
    #expect(results.measurements.allSatisfy { $0.status == .measured })
    #expect(results.context.seed == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["results.json"])
  }

  @Test func measuresTheMatricesOfAFile() throws {
    let folder = try TemporaryFolder()
    let header = #"{"layer.w":{"dtype":"F32","shape":[30,50],"data_offsets":[0,6000]}}"#
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
    // A quarter of the weights is so small that absmean makes it zero.
    for index in 0..<1500 {
      let weight: Float = index % 4 == 0 ? 0.001 : index % 4 == 1 ? -0.5 : 0.5
      withUnsafeBytes(of: weight.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    let file = folder.url.appendingPathComponent("model.safetensors")
    try bytes.write(to: file)
    let outcome = try Tool.run([
      "bench", "--weights", file.path, "--families", "mad", "--tokens", "1", "--max-time", "0.01", "--format",
      "json",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let results = try JSONDecoder().decode(BenchResults.self, from: Data(outcome.output.utf8))
    for measurement in results.measurements where measurement.point.weights == "ternary" {
      #expect(measurement.point.layerRoles == "layer.w")
      #expect(measurement.zeroShare == 0.25)
      #expect(measurement.status == .measured)
    }
  }

  @Test func theDoctorExamines() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(["doctor"], environment: ["XDG_CACHE_HOME": folder.url.path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for heading in ["Processor", "Counters and energy", "Limits", "What disturbs measurements here"] {
      #expect(outcome.output.contains(heading))
    }
    let cached = try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/bitlab")
    #expect(cached.count == 1)
  }

  @Test(arguments: InstructionSetLevel.available)
  func runsAtEveryInstructionSetLevel(_ level: InstructionSetLevel) throws {
    let outcome = try Tool.run(
      ["bench", "--kernels", ".", "--tokens", "1", "--format", "csv"] + Self.quick,
      environment: ["BITLAB_MAX_ISA": level.rawValue])
    #expect(outcome.status == 0, "\(outcome.errors)")
    // One header, one record a kernel.
    let kernels = KernelRegistry.available(on: level.allowed.intersection(.ofThisCPU))
    #expect(outcome.output.split(separator: "\r\n").count == kernels.count + 1)
  }

  @Test func anInterruptedRunKeepsWhatItMeasured() throws {
    let process = Tool.process([
      "bench", "--families", "mad", "--shape", "640x640", "--max-time", "60", "--precision", "0.0001%",
      "--format", "csv", "--no-store",
    ])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    Thread.sleep(forTimeInterval: 4)
    process.interrupt()
    // Should the interruption fail, the test must, too, and not wait for hours.
    DispatchQueue.global().asyncAfter(deadline: .now() + 20) { kill(process.processIdentifier, SIGKILL) }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(text.contains("interrupted"))
    #expect(text.split(separator: "\r\n").count > 1)
  }
}
