import ArgumentParser
import ModelFiles

/// `bitlab convert`: a model in another file, or folder, and packing.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a model as a GGUF file or a Hugging Face folder, its linear layers in another packing.",
    discussion: """
      Reads what 'bitlab run' reads; tokenizer and chat template go along. Between the ternary packings nothing is \
      lost but digits of the scale: tq1_0 and tq2_0 have it in 16 bits. With f16, bf16 or f32 the ternary weights times \
      their scale are written, which engines without ternary types load too. A model of floats becomes ternary only if \
      --packing says so, by absmean; text of such a model makes no sense unless it was trained for it.

      A folder gets config.json, model.safetensors and tokenizer.json. Ternary weights lie there as packed bytes with \
      their whole scale, or with --packing as f16, bf16 or f32; floats stay floats.

      Examples:
        bitlab convert folder model.gguf
        bitlab convert model.gguf small.gguf --packing tq1_0 --embedding q8_0
        bitlab convert model.gguf dense.gguf --packing f16
        bitlab convert model.gguf folder/
      """
  )

  @OptionGroup var source: ModelOptions

  @Argument(help: "The GGUF file to write, its name ending in .gguf, or else the new or empty folder.")
  var output: String

  @Option(
    help: ArgumentHelp(
      "How the linear layers lie: i2_s, tq1_0, tq2_0, f16, bf16 or f32; of a model of floats also q8_0 or q4_0. "
        + "(default: i2_s if they are ternary, in a folder packed bytes, else f16)", valueName: "type"),
    transform: ElementTypeArgument.parse)
  var packing: TensorElementType?

  @Option(
    help: ArgumentHelp(
      "How embedding and LM head lie: f16, bf16, f32, q8_0 or q4_0. (default: as in the model, else f16)",
      valueName: "type"),
    transform: ElementTypeArgument.parse)
  var embedding: TensorElementType?

  func run() throws {
    let conversion = try ConversionTarget(path: output).conversion(
      of: source.open(), linearType: packing, embeddingType: embedding)
    Interruption.listen()
    let progress = CountProgress("tensor")
    defer { progress.clear() }
    let isWritten = try conversion.write(
      to: output, isCancelled: { Interruption.isRequested }, onProgress: progress.update)
    progress.clear()
    guard isWritten else { throw ExitCode(ExitStatus.interrupted) }
    for warning in conversion.warnings { StandardError.writeLine("Warning: \(warning)") }
  }
}
