import ArgumentParser
import Foundation

/// The long options of every subcommand, read from the argument parser's own description of them, so that none
/// has to be named twice.
enum OptionNames {
  static func bySubcommand() -> [String: [String: EnvironmentDefaults.OptionKind]] {
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(Bitlab._dumpHelp().utf8)) else {
      return [:]
    }
    var result: [String: [String: EnvironmentDefaults.OptionKind]] = [:]
    for subcommand in tool.command.subcommands ?? [] {
      var options: [String: EnvironmentDefaults.OptionKind] = [:]
      for argument in subcommand.arguments ?? [] {
        guard let name = argument.names?.first(where: { $0.kind == "long" })?.name else { continue }
        options[name] = argument.kind == "flag" ? .flag : .value
      }
      // Asking for help or the version by environment would make the tool useless.
      options["help"] = nil
      options["version"] = nil
      result[subcommand.commandName] = options
    }
    return result
  }

  // The part of ArgumentParserToolInfo that is needed here.
  private struct Tool: Decodable { let command: Command }
  private struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
  }
  private struct Argument: Decodable {
    let kind: String
    let names: [Name]?
  }
  private struct Name: Decodable {
    let kind: String
    let name: String
  }
}
