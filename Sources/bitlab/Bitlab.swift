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
        bitlab simulate                     what chips would take that compute the same ways
        bitlab report                       both from 700M to 100B parameters, as tables and plots
        bitlab targets                      how near the kernels are to this machine's limits
        bitlab list kernels                 what there is to compare
        bitlab doctor                       what this machine has, and what spoils its figures

      Every long option can also be set as an environment variable: BITLAB_MAX_TIME=2 stands for --max-time 2.
      Exit codes: 0 success, 1 failure, 3 a kernel gave a wrong result, 64 wrong usage, 130 interrupted.
      """,
    version: Version.description,
    subcommands: [
      BenchCommand.self, SimulateCommand.self, ReportCommand.self, TargetsCommand.self, ListCommand.self,
      DoctorCommand.self,
    ]
  )
}

/// Exit codes beyond those of the argument parser.
enum ExitStatus {
  static let wrongResult: Int32 = 3
  static let usage: Int32 = 64
  static let interrupted: Int32 = 130
}

@main
enum Program {
  static func main() {
    let environment = ProcessInfo.processInfo.environment
    let arguments = EnvironmentDefaults.apply(
      to: Array(CommandLine.arguments.dropFirst()), environment: environment,
      options: OptionNames.bySubcommand())
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
    if !message.isEmpty { StandardError.writeLine("Error: \(message)") }
    return code.rawValue
  }
}
