import Foundation

/// bitlab's folders among the files of a user, after the XDG base directory specification.
public enum UserFolder {
  /// For what can be measured again: `$XDG_CACHE_HOME/bitlab`, or `~/.cache/bitlab`; `nil` without a home.
  public static func cache(environment: [String: String]) -> String? {
    folder(variable: "XDG_CACHE_HOME", inHome: ".cache", environment)
  }

  /// For what is to be kept: `$XDG_DATA_HOME/bitlab`, or `~/.local/share/bitlab`; `nil` without a home.
  public static func data(environment: [String: String]) -> String? {
    folder(variable: "XDG_DATA_HOME", inHome: ".local/share", environment)
  }

  private static func folder(
    variable: String, inHome subfolder: String, _ environment: [String: String]
  ) -> String? {
    // A relative path in such a variable is invalid, says the specification.
    if let base = environment[variable], base.hasPrefix("/") { return base + "/bitlab" }
    if let home = environment["HOME"], home.hasPrefix("/") { return "\(home)/\(subfolder)/bitlab" }
    return nil
  }
}
