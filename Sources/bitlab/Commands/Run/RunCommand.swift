import ArgumentParser
import Bench
import Foundation
import Inference
import KernelZoo
import Machine
import ModelFiles

/// `bitlab run`: a model's text on any kernel, and what it took.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a model on any kernel: text, tokens per second and the share of what the machine can do.",
    discussion: """
      Reads BitNet b1.58 and LLaMA-style models, ternary or float, from GGUF or from safetensors with Hugging Face's \
      config.json and tokenizer.json. The text goes to standard output as it comes; then a line for the prompt and one for \
      the decoded tokens go to standard error. Weights whose packing is the file's are used in place; others are packed \
      first. 'bitlab bench --model-file' compares kernels.

      Examples:
        bitlab run model.gguf --prompt "The memory wall is"
        bitlab run model.gguf --prompt "Once" --kernel lut-t5 --threads 1 -n 32
        bitlab run folder --prompt "Once" --temperature 0.8 --top-p 0.95 --seed 7
      """
  )

  @OptionGroup var source: ModelOptions

  @Option(help: ArgumentHelp("What the text begins with.", valueName: "text"))
  var prompt: String

  @Option(name: [.customShort("n"), .long], help: "Tokens to generate at most.")
  var tokens = 128

  @Option(
    help: ArgumentHelp(
      "The kernel of the linear layers, by name or its start. (default: that of the file's packing, else mad-i2s)",
      valueName: "name"))
  var kernel: String?

  @Option(help: "Threads. (default: all CPUs)")
  var threads: Int?

  @Option(help: "The highest instruction set level to use.")
  var isa: InstructionSetLevel?

  @Option(help: "0 takes the most likely token; higher values choose more freely.")
  var temperature: Float = 0

  @Option(help: "Choose only among so many of the most likely tokens; 0 for all.")
  var topK = 0

  @Option(help: "Choose only among the most likely tokens that together have this probability.")
  var topP: Float = 1

  @Option(help: "Of the random choices.")
  var seed: UInt64 = 1

  func validate() throws {
    guard tokens > 0 else { throw ValidationError("-n must be at least 1, not \(tokens)") }
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature must be 0 or more, not \(temperature)")
    }
    guard topK >= 0 else { throw ValidationError("--top-k must be 0 or more, not \(topK)") }
    guard topP > 0, topP <= 1 else {
      throw ValidationError("--top-p must be above 0 and at most 1, not \(topP)")
    }
  }

  func run() throws {
    let begin = MonotonicTime.seconds()
    try KernelSelection.check(level: isa)
    let instructionSet = (isa ?? .ofThisCPU).allowed.intersection(.ofThisCPU)
    let model = try source.open()
    let tokenizer = try Tokenizer(model.tokenizer())
    guard let kernel = try chosenKernel(for: model, on: instructionSet) else {
      throw ValidationError("no kernel runs such weights on \(instructionSet)")
    }
    let promptTokens = tokenizer.encode(prompt)
    let capacity = promptTokens.count + tokens
    guard capacity <= model.architecture.contextLength else {
      throw ValidationError(
        "a prompt of \(promptTokens.count) tokens and \(tokens) more exceed the model's context of "
          + "\(model.architecture.contextLength): shorten the prompt or lower -n")
    }
    Interruption.listen()
    let pool = try WorkerPool(count: try ThreadArgument.checked(threads))
    let arena = MemoryArena()
    let progress = CountProgress("loading matrix")
    let weights = try ModelWeights(
      model, kernel: kernel, team: pool, allocate: arena.allocate,
      isCancelled: { Interruption.isRequested }
    ) { progress.update($0.completed, $0.total) }
    progress.clear()
    let transformer = try Transformer(weights, capacity: capacity, team: pool, allocate: arena.allocate)
    let loadSeconds = MonotonicTime.seconds() - begin
    let result = try pool.keepingCallerPinned {
      try stream(transformer, promptTokens, tokenizer)
    }
    let summary = RunSummary(
      result, transformer: transformer, loadSeconds: loadSeconds, threads: pool.count,
      probe: try? RooflineProbe(pool: pool, isa: instructionSet.rawValue), pool: pool)
    StandardError.writeLine(summary.text)
    if result.end == .interrupted { throw ExitCode(ExitStatus.interrupted) }
  }

  private func chosenKernel(
    for model: any ModelSource, on instructionSet: InstructionSet
  ) throws -> Kernel? {
    guard let kernel else { return KernelChoice.standard(for: model, on: instructionSet) }
    return try KernelArgument.parse(kernel, on: instructionSet)
  }

  private func stream(
    _ transformer: Transformer, _ promptTokens: [Int], _ tokenizer: Tokenizer
  ) throws -> Generation {
    let sampling = SamplingOptions(temperature: temperature, topK: topK, topP: topP, seed: seed)
    var stream = TokenStream(tokenizer)
    let result = try transformer.generate(
      after: promptTokens,
      GenerationOptions(maximumTokens: tokens, endTokens: tokenizer.endTokens, sampling: sampling),
      isCancelled: { Interruption.isRequested }
    ) { token in
      FileHandle.standardOutput.write(Data(stream.append(token).utf8))
    }
    FileHandle.standardOutput.write(Data((stream.finish() + "\n").utf8))
    return result
  }
}
