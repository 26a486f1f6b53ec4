import ArgumentParser
import Foundation

/// The long options of every subcommand that has none below it, by its path (`runs list`), read from the argument parser's own description of them, so that none
/// has to be named twice.
enum OptionNames {
  static func bySubcommand() -> [String: [String: EnvironmentDefaults.OptionKind]] {
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(Bitlab._dumpHelp().utf8)) else {
      return [:]
    }
    return options(of: tool.command.subcommands ?? [])
  }

  private static func options(
    of commands: [Command], under path: [String] = []
  ) -> [String: [String: EnvironmentDefaults.OptionKind]] {
    var result: [String: [String: EnvironmentDefaults.OptionKind]] = [:]
    for command in commands {
      let path = path + [command.commandName]
      if let subcommands = command.subcommands {
        result.merge(options(of: subcommands, under: path)) { $1 }
        continue
      }
      var options: [String: EnvironmentDefaults.OptionKind] = [:]
      for argument in command.arguments ?? [] {
        guard let name = argument.names?.first(where: { $0.kind == "long" })?.name else { continue }
        options[name] = argument.kind == "flag" ? .flag : .value
      }
      // Asking for help or the version by environment would make the tool useless.
      options["help"] = nil
      options["version"] = nil
      result[path.joined(separator: " ")] = options
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
