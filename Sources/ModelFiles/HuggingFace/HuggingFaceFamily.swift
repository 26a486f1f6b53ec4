extension HuggingFaceConfiguration {
  /// The classes of models that are read, with the defaults of their configuration classes.
  enum Family: String, CaseIterable {
    /// transformers' BitNet b1.58, such as microsoft/bitnet-b1.58-2B-4T.
    case transformersBitNet = "BitNetForCausalLM"
    /// The first BitNet b1.58 models, such as 1bitLLM/bitnet_b1_58-3B.
    case firstBitNet = "BitnetForCausalLM"
    /// LLaMA, also with ternary weights, such as HF1BitLLM/Llama3-8B-1.58-100B-tokens.
    case llama = "LlamaForCausalLM"

    /// By the class that `architectures` names, else by `model_type`.
    init(_ json: JSONObject) throws(ModelFileError) {
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      if let classes = try json.array("architectures"), !classes.isEmpty {
        let families = classes.compactMap { name -> Self? in
          if case .string(let name) = name { Self(rawValue: name) } else { nil }
        }
        guard classes.count == 1, let family = families.first else {
          let names = classes.prefix(3).map(\.kind).joined(separator: ", ")
          throw json.failure("is of a model of architecture \(names), expected one of \(known)")
        }
        self = family
        return
      }
      switch try json.string("model_type") {
      case "bitnet": self = .transformersBitNet
      case "llama": self = .llama
      default:
        throw json.wrong("model_type", "\"bitnet\" or \"llama\", or architectures with one of \(known)")
      }
    }

    var defaultActivation: ModelArchitecture.Activation { self == .transformersBitNet ? .squaredReLU : .silu }
    var defaultNormEpsilon: Double { self == .llama ? 1e-6 : 1e-5 }
    var defaultRotaryBase: Double { self == .transformersBitNet ? 500_000 : 10_000 }
  }
}
