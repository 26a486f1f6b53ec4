import ArgumentParser
import Foundation
import Inference
import ModelFiles
import Workloads

/// `bitlab synthesize`: a model file of a true architecture, never trained.
struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Write a model of a true architecture with random weights and a small working tokenizer.",
    discussion: """
      The GGUF file has the tensors, names and metadata of published ones, so that other engines load it and can be \
      compared on it. Its text is gibberish, its speed is the true one: no kernel is faster or slower on trained weights of \
      the same shape, but for those that use zeros, of which a third are here.

      Examples:
        bitlab synthesize --model 2b4t 2b4t.gguf
        bitlab synthesize --model 3b --packing tq2_0 --layers 4 small.gguf
        bitlab synthesize --model llama-3b --embedding q8_0 llama.gguf
      """
  )

  @Option(help: ArgumentHelp("A model of the catalogue, or a YAML file with one.", valueName: "name"))
  var model: String

  @Argument(help: "The file to write.")
  var output: String

  @Option(
    help: ArgumentHelp(
      "How the linear layers lie: i2_s, tq1_0 or tq2_0 if they are ternary, else f16, bf16, f32, q8_0, q6_k or q4_0. "
        + "(default: i2_s or f16)", valueName: "type"),
    transform: ElementTypeArgument.parse)
  var packing: TensorElementType?

  @Option(
    help: ArgumentHelp(
      "How embedding and LM head lie: f16, bf16, f32, q8_0, q6_k or q4_0. (default: f16)", valueName: "type"),
    transform: ElementTypeArgument.parse)
  var embedding: TensorElementType?

  @Option(help: ArgumentHelp("Transformer layers. (default: those of the model)", valueName: "number"))
  var layers: Int?

  @Option(help: "Of the weights.")
  var seed: UInt64 = 1

  private static let floatTypes: [TensorElementType] = [.float16, .bfloat16, .float32, .q8_0, .q6_K, .q4_0]
  private static let layerRange = 1...1000

  func run() throws {
    let models = try ShapeSelection.models(model)
    guard let model = models.first, models.count == 1 else {
      throw ValidationError("--model takes one model, '\(model)' names \(models.count)")
    }
    if let layers, !Self.layerRange.contains(layers) {
      throw ValidationError("--layers must be from 1 to \(Self.layerRange.upperBound), not \(layers)")
    }
    let isTernary = model.weights == .ternary
    let packing = packing ?? (isTernary ? .i2_s : .float16)
    guard packing.isTernary == isTernary, isTernary || Self.floatTypes.contains(packing) else {
      throw ValidationError(
        "the linear layers of \(model.id) are \(isTernary ? "ternary" : "floats") and cannot be written as "
          + packing.name)
    }
    let embedding = embedding ?? .float16
    guard Self.floatTypes.contains(embedding) else {
      throw ValidationError("embeddings cannot be written as \(embedding.name)")
    }
    Interruption.listen()
    let progress = CountProgress("tensor")
    defer { progress.clear() }
    do {
      try ModelSynthesis(
        ModelArchitecture(model, layers: layers), linearType: packing, embeddingType: embedding, seed: seed
      ).write(to: output, isCancelled: { Interruption.isRequested }, onProgress: progress.update)
    } catch InferenceError.interrupted {
      throw ExitCode(ExitStatus.interrupted)
    }
  }
}
