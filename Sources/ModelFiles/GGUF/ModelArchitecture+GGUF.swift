extension ModelArchitecture {
  /// The keys of a GGUF file of this architecture, in the order and with the types of the official file of BitNet
  /// b1.58 2B4T (its listing is in github.com/microsoft/BitNet/issues/373).
  ///
  /// - Parameters:
  ///   - fileType: `general.file_type`, what most tensors are: 40 is microsoft/BitNet's number of I2_S. No reader
  ///     depends on it.
  ///   - tokenizer: Left out of the file if `nil`.
  public func ggufMetadata(
    fileType: UInt32, tokenizer: TokenizerDescription?
  ) -> [(key: String, value: GGUFValue)] {
    func count(_ number: Int) -> GGUFValue { .uint32(UInt32(clamping: number)) }
    var metadata: [(key: String, value: GGUFValue)] = [
      ("general.architecture", .string(name)),
      ("general.name", .string(title)),
      (name + ".vocab_size", count(vocabulary)),
      (name + ".context_length", count(contextLength)),
      (name + ".embedding_length", count(hiddenSize)),
      (name + ".block_count", count(layers)),
      (name + ".feed_forward_length", count(intermediateSize)),
      (name + ".rope.dimension_count", count(headDimension)),
      (name + ".attention.head_count", count(heads)),
      (name + ".attention.head_count_kv", count(keyValueHeads)),
    ]
    if let tokenizer { metadata.append(("tokenizer.ggml.add_bos_token", .bool(tokenizer.addsBeginOfText))) }
    metadata += [
      (name + ".attention.layer_norm_rms_epsilon", .float32(normEpsilon)),
      (name + ".rope.freq_base", .float32(Float(rotaryBase))),
      ("general.file_type", .uint32(fileType)),
    ]
    if heads.multipliedReportingOverflow(by: headDimension) != (hiddenSize, false) {
      metadata += [
        (name + ".attention.key_length", count(headDimension)),
        (name + ".attention.value_length", count(headDimension)),
      ]
    }
    if activation != GGUFArchitecture.defaultActivation(of: name) {
      metadata.append((name + ".hidden_activation", .string(activation.rawValue)))
    }
    if let tokenizer { metadata += tokenizer.ggufMetadata }
    metadata.append(("general.quantization_version", .uint32(2)))
    return metadata
  }

  /// The dimensions of a tensor as GGUF lists them, in-features first.
  public func ggufDimensions(of role: TensorRole) -> [Int] {
    switch role {
    case .embedding, .head: [hiddenSize, vocabulary]
    case .outputNorm: [hiddenSize]
    case .linear(let role, _): [shape(of: role).columns, shape(of: role).rows]
    case .norm(let role, _): [count(of: role)]
    }
  }
}

extension TokenizerDescription {
  /// The keys `tokenizer.…`, without `add_bos_token`, which the official file has elsewhere.
  var ggufMetadata: [(key: String, value: GGUFValue)] {
    var metadata: [(key: String, value: GGUFValue)] = [("tokenizer.ggml.model", .string(kind.rawValue))]
    if !preTokenizer.isEmpty { metadata.append(("tokenizer.ggml.pre", .string(preTokenizer))) }
    metadata.append(("tokenizer.ggml.tokens", .array(.string(tokens))))
    if !scores.isEmpty { metadata.append(("tokenizer.ggml.scores", .array(.float32(scores)))) }
    metadata.append(("tokenizer.ggml.token_type", .array(.int32(tokenKinds.map(\.rawValue)))))
    if !merges.isEmpty { metadata.append(("tokenizer.ggml.merges", .array(.string(merges)))) }
    let special = [
      ("bos_token_id", beginOfText), ("eos_token_id", endOfText), ("eot_token_id", endOfTurn),
      ("unknown_token_id", unknown),
    ]
    for case (let key, let token?) in special {
      metadata.append(("tokenizer.ggml." + key, .uint32(UInt32(clamping: token))))
    }
    if kind == .sentencePieceBPE {
      metadata.append(("tokenizer.ggml.add_space_prefix", .bool(addsSpacePrefix)))
    }
    if let chatTemplate { metadata.append(("tokenizer.chat_template", .string(chatTemplate))) }
    return metadata
  }
}
