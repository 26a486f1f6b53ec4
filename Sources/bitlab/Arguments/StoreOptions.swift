import ArgumentParser
import Bench

extension RunReference: ExpressibleByArgument {
  /// A number, a name or `last`.
  public init?(argument: String) { self.init(argument) }
}

/// Which file of runs a command uses.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The file that runs are kept in. (default: $XDG_DATA_HOME/bitlab/results.sqlite or "
        + "~/.local/share/bitlab/results.sqlite)", valueName: "file"))
  var store: String?

  /// Opens the store.
  ///
  /// - Parameter isCreated: Whether to make it if there is none.
  func open(isCreated: Bool = false) throws(StoreError) -> ResultStore {
    guard let path = store ?? ResultStore.defaultPath() else { throw .noHome }
    return try ResultStore(path: path, isCreated: isCreated)
  }
}
