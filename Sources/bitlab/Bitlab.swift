import ArgumentParser
import Foundation

/// The command line's root: only parsing and printing live in this target.
struct Bitlab: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bitlab",
    abstract: "A laboratory for 1-bit language-model kernels and hardware.",
    discussion: """
      Measures every known way to multiply by ternary weights on this CPU against FP16, after checking each \
      result against the reference, and models the same ways as chips.

      Examples:
        bitlab bench                        which family is fastest here, for decode and for prefill
        bitlab bench --models 3b,7b         on the layers of whole models
        bitlab run model.gguf --prompt Hi   a real model's text on any kernel, and what it took
        bitlab inspect model.gguf           what is in a model file, and its size on every packing
        bitlab convert folder model.gguf    the same model in another file or packing
        bitlab synthesize --model 2b4t out  such a file of a true architecture, with random weights
        bitlab simulate                     what chips would take that compute the same ways
        bitlab report                       both from 700M to 100B parameters, as tables and plots
        bitlab compare main last            whether the last run is faster than the one named main
        bitlab reproduce                    which published claims hold
        bitlab targets                      how near the kernels are to this machine's limits
        bitlab list kernels                 what there is to compare
        bitlab doctor                       what this machine has, and what spoils its figures

      Every long option can also be set as an environment variable: BITLAB_MAX_TIME=2 stands for --max-time 2.
      Exit codes: 0 success, 1 failure, 2 slower (with compare --fail-on slower), 3 a kernel gave a wrong result, 64 wrong usage, 130 interrupted.
      """,
    version: Version.description,
    subcommands: [
      BenchCommand.self, RunCommand.self, InspectCommand.self, ConvertCommand.self, SynthesizeCommand.self,
      SimulateCommand.self, ReportCommand.self, ReproduceCommand.self, RunsCommand.self,
      CompareCommand.self, TargetsCommand.self, ListCommand.self, DoctorCommand.self,
    ]
  )
}

/// Exit codes beyond those of the argument parser.
enum ExitStatus {
  static let slower: Int32 = 2
  static let wrongResult: Int32 = 3
  static let usage: Int32 = 64
  static let interrupted: Int32 = 130
}

@main
enum Program {
  /// What the command line and the environment together ask for, without the program's name.
  static let arguments = EnvironmentDefaults.apply(
    to: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment,
    options: OptionNames.bySubcommand())

  static func main() {
    do {
      var command = try Bitlab.parseAsRoot(arguments)
      try command.run()
    } catch {
      exit(report(error))
    }
  }

  /// Prints help and versions to stdout, every other message as one line to stderr.
  ///
  /// - Returns: The exit code.
  private static func report(_ error: any Error) -> Int32 {
    let code = Bitlab.exitCode(for: error)
    if code.isSuccess {
      print(Bitlab.fullMessage(for: error))
      return code.rawValue
    }
    let message = Bitlab.message(for: error)
    if !message.isEmpty { StandardError.writeLine("Error: \(oneLine(message))") }
    return code.rawValue
  }

  /// The argument parser lists many allowed values below each other.
  private static func oneLine(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { $0.trimmingCharacters(in: [" ", "-"]) }
    guard let first = lines.first else { return message }
    return lines.count == 1 ? message : first + " " + lines.dropFirst().joined(separator: ", ")
  }
}
