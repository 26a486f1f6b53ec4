import Foundation

/// Every long option also as an environment variable: `BITLAB_MAX_TIME=2` stands for `--max-time 2` unless the
/// command line has it. `BITLAB_MAX_ISA` is another name of `BITLAB_ISA`.
enum EnvironmentDefaults {
  static let prefix = "BITLAB_"

  /// The arguments with what the environment adds.
  ///
  /// - Parameters:
  ///   - arguments: Without the program's name; the first one or two say the subcommand.
  ///   - environment: Variables by name.
  ///   - options: Long option names, without dashes, and whether they are flags, by subcommand: `bench`,
  ///     `runs list`.
  static func apply(
    to arguments: [String], environment: [String: String], options: [String: [String: OptionKind]]
  ) -> [String] {
    let path = arguments.prefix(2).joined(separator: " ")
    guard let known = options[path] ?? options[arguments.first ?? ""] else { return arguments }
    var result = arguments
    var variables = environment
    if let level = environment["BITLAB_MAX_ISA"], environment["BITLAB_ISA"] == nil {
      variables["BITLAB_ISA"] = level
    }
    for (name, kind) in known.sorted(by: { $0.key < $1.key }) {
      let variable = prefix + name.uppercased().replacingOccurrences(of: "-", with: "_")
      let option = "--" + name
      guard let value = variables[variable], !value.isEmpty,
        !arguments.contains(where: { $0 == option || $0.hasPrefix(option + "=") })
      else { continue }
      switch kind {
      case .value: result.append("\(option)=\(value)")
      case .flag: if ["1", "true", "yes", "on"].contains(value.lowercased()) { result.append(option) }
      }
    }
    return result
  }

  /// What an option takes.
  enum OptionKind { case flag, value }
}
