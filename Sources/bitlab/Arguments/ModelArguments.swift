import ArgumentParser
import KernelZoo
import Machine
import ModelFiles

extension I2SLayout: ExpressibleByArgument {}

/// Which model, for the commands that read one.
struct ModelOptions: ParsableArguments {
  @Argument(help: "A GGUF file, or a safetensors file or folder with config.json.")
  var model: String

  @OptionGroup var layout: LayoutOption

  func open() throws -> any ModelSource {
    try ModelOpener.open(model, i2sLayout: layout.i2sLayout)
  }
}

/// How the weights of type I2_S lie in a GGUF file.
struct LayoutOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How I2_S weights lie: as the files of x86 and of the official models (x86), or as an ARM build of the "
        + "converter writes them (arm); 'bitlab inspect' tells which.", valueName: "layout"))
  var i2sLayout: I2SLayout = .x86
}

/// Workers that may be used.
enum ThreadArgument {
  /// - Throws: `ValidationError` if this process has fewer CPUs.
  static func checked(_ threads: Int?) throws -> Int {
    let available = WorkerPool.availableProcessors.count
    let threads = threads ?? available
    guard (1...available).contains(threads) else {
      throw ValidationError(
        "\(threads) threads were asked for, but this process may use from 1 to \(available) CPUs")
    }
    return threads
  }
}

/// One kernel by its name, or by the start of it.
enum KernelArgument {
  /// - Throws: `ValidationError` if none or several match.
  static func parse(_ name: String, on instructionSet: InstructionSet) throws -> Kernel {
    if let kernel = KernelRegistry.kernel(named: name) {
      guard kernel.runs(on: instructionSet) else {
        throw ValidationError(
          "kernel '\(name)' needs \(kernel.instructionSet), but this run has only \(instructionSet)")
      }
      return kernel
    }
    let matching = KernelRegistry.best(on: instructionSet).filter { $0.name.hasPrefix(name + "-") }
    guard let kernel = matching.first, matching.count == 1 else {
      throw ValidationError(
        matching.isEmpty
          ? "there is no kernel '\(name)'; 'bitlab list kernels' names all \(KernelRegistry.all.count)"
          : "'\(name)' may be \(matching.map(\.name).joined(separator: " or ")): write one of them")
    }
    return kernel
  }
}
