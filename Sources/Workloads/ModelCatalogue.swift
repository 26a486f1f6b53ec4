/// The models that can be named, built in or added by the user.
public struct ModelCatalogue: Sendable {
  /// All models, built-in ones first, in the order of their files.
  public private(set) var models: [LanguageModel] = []
  /// Where each name in ``models`` leads.
  private var indexByName: [String: Int] = [:]

  /// The models that come with bitlab.
  ///
  /// - Throws: ``YAMLError`` if the built-in catalogue is broken, which a test rules out.
  public static func builtIn() throws(YAMLError) -> ModelCatalogue {
    var catalogue = ModelCatalogue()
    try catalogue.add(.parse(bytes: PackageResources.models_yaml, file: "models.yaml"))
    return catalogue
  }

  /// This catalogue and the models of a YAML file in the form of the built-in one.
  ///
  /// - Throws: ``YAMLError`` with file, line and key for everything that is not as expected: a missing,
  ///   unknown or doubled key, a value of the wrong type or out of range, sizes that contradict each other, a
  ///   name that is taken, a file above 1 MB, anchors and aliases.
  public func loading(yaml path: String) throws(YAMLError) -> ModelCatalogue {
    var catalogue = self
    try catalogue.add(.load(path: path))
    return catalogue
  }

  /// This catalogue and the models of a YAML document; `file` is its name in errors.
  package func loading(bytes: some Collection<UInt8>, file: String) throws(YAMLError) -> ModelCatalogue {
    var catalogue = self
    try catalogue.add(.parse(bytes: bytes, file: file))
    return catalogue
  }

  /// The model of that id or alias, in upper or lower case.
  ///
  /// - Throws: ``UnknownModel`` naming what may have been meant.
  public func model(named name: String) throws(UnknownModel) -> LanguageModel {
    guard let index = indexByName[name.lowercased()] else {
      let names = models.flatMap { [$0.id] + $0.aliases }
      throw UnknownModel(name: name, suggestions: names.nearest(to: name), ids: models.map(\.id))
    }
    return models[index]
  }

  private mutating func add(_ document: YAMLMapping) throws(YAMLError) {
    var document = document
    _ = try document.integer("bitlab-models", in: 1...1)
    let entries = try document.mappings("models")
    try document.finish(knownKeys: ["bitlab-models", "models"])
    for entry in entries {
      let model = try LanguageModel(entry)
      models.append(model)
      for name in [model.id] + model.aliases {
        if let taken = indexByName[name] {
          throw entry.failure("the name '\(name)' is taken by \(models[taken].id)")
        }
        indexByName[name] = models.count - 1
      }
    }
  }
}

/// A name that no model has.
public struct UnknownModel: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was asked for.
  public let name: String
  /// What may have been meant, nearest first.
  public let suggestions: [String]
  /// All models.
  public let ids: [String]

  /// One sentence with what may have been meant, or else with all models.
  public var description: String {
    suggestions.isEmpty
      ? "unknown model '\(name)'; the models are \(ids.joined(separator: ", "))"
      : "unknown model '\(name)'; did you mean \(suggestions.joined(separator: " or "))?"
  }
}
